// Questions to the server. Every refusal becomes an Error with the server's own sentence.

/** @param {string} path below /api/ */
export async function ask(path, { method = "GET", body } = {}) {
  const options = { method, headers: {}, credentials: "same-origin" };
  if (body !== undefined) {
    options.headers["Content-Type"] = "application/json";
    options.body = JSON.stringify(body);
  }
  let answer;
  try {
    answer = await fetch(`/api/${path}`, options);
  } catch {
    throw new Error("The server does not answer. Is `mantlet serve` still running?");
  }
  const content = answer.status === 204 ? null : await answer.json().catch(() => null);
  if (answer.ok) return content;
  const problem = new Error(content?.error ?? `The server refused (${answer.status}).`);
  throw Object.assign(problem, { status: answer.status, content });
}

export const post = (path, body) => ask(path, { method: "POST", body });
export const put = (path, body) => ask(path, { method: "PUT", body });
