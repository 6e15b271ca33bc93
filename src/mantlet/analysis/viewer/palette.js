// Colours: Okabe and Ito's set, which stays apart under the common colour-vision deficiencies
// (https://jfly.uni-koeln.de/color/). Every kind of thing has a shape of its own besides.

export const COLOURS = {
  sea: "#0b141d",
  land: "#15212c",
  coast: "#42586a",
  grid: "rgba(140, 165, 185, 0.09)",
  text: "#e6edf3",
  quiet: "#9fb1c1",
  halo: "rgba(8, 14, 20, 0.85)",
  plot: "#c5ced6",
  track: "#56b4e9",
  impact: "#e69f00",
  alert: "#f0e442",
  shelter: "#e69f00",
  interceptor: "#2fc99b",
  kill: "#ffffff",
  hit: "#ff6a1f",
  open: "#93a1ad",
  water: "#4f8fc4",
  debris: "#cc79a7",
  truth: "#ffffff",
  falsePlot: "#cc79a7",
};
