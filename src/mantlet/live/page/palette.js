// Colours after Okabe and Ito (https://jfly.uni-koeln.de/color/), which stay apart under the common
// colour-vision deficiencies. Every kind of thing has a shape of its own besides.

const DARK = {
  sea: "#0b141d", land: "#15212c", coast: "#42586a", zone: "rgba(150, 175, 195, 0.32)", zoneFill: "rgba(150, 175, 195, 0.06)",
  area: "#c9a27e", text: "#e6edf3", quiet: "#9fb1c1", grid: "rgba(140, 165, 185, 0.14)", halo: "rgba(8, 14, 20, 0.85)",
  plot: "#c5ced6", track: "#56b4e9", impact: "#e69f00", alert: "#f0e442", alertFill: "rgba(240, 228, 66, 0.36)",
  shelter: "#e69f00", shelterFill: "rgba(230, 159, 0, 0.22)", interceptor: "#2fc99b", site: "#0d2a22", kill: "#ffffff",
  hit: "#ff6a1f", open: "#93a1ad", water: "#4f8fc4", debris: "#cc79a7", truth: "#ffffff", launch: "#8897a5",
};
const LIGHT = {
  sea: "#d6e4ee", land: "#f6f4ee", coast: "#8496a5", zone: "rgba(70, 90, 110, 0.35)", zoneFill: "rgba(70, 90, 110, 0.05)",
  area: "#8a5a2b", text: "#14202b", quiet: "#506070", grid: "rgba(60, 80, 100, 0.16)", halo: "rgba(255, 255, 255, 0.9)",
  plot: "#4c5a66", track: "#0072b2", impact: "#b85c00", alert: "#7a6400", alertFill: "rgba(240, 220, 40, 0.55)",
  shelter: "#b85c00", shelterFill: "rgba(230, 159, 0, 0.3)", interceptor: "#007a58", site: "#e2f5ee", kill: "#14202b",
  hit: "#c43c00", open: "#6b7a87", water: "#2a6ca3", debris: "#a3477c", truth: "#14202b", launch: "#8897a5",
};

/** The colours in use; follows the system's light or dark. */
export const COLOURS = { ...DARK };

/** Follow the system's choice; `changed` is called after each switch. */
export function followScheme(changed) {
  const light = window.matchMedia("(prefers-color-scheme: light)");
  const apply = () => { Object.assign(COLOURS, light.matches ? LIGHT : DARK); changed(); };
  light.addEventListener("change", apply);
  apply();
}
