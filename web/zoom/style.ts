// How the map looks: the same land, hatchings, colours and dashes as the drawn one.

import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from "maplibre-gl";
import type { Colours } from "./colours.js";
import type { Ground } from "./ground.js";

const FONT = ["Plex", "Noto Sans", "DejaVu Sans", "Arial"]; // letters are drawn in the browser: no server of glyphs
const SOURCES = ["names", "links", "amounts", "places", "refusing"] as const;
const NOTHING = { type: "FeatureCollection" as const, features: [] };

const shade: ExpressionSpecification = ["coalesce", ["feature-state", "shade"], 0];

/** Return the style of a map on a ground. */
export function styleOf(ground: Ground, colours: Colours): StyleSpecification {
  const still = { sea: ground.sea, states: ground.states, areas: ground.areas, borders: ground.borders };
  const sources: StyleSpecification["sources"] = {};
  for (const [name, data] of Object.entries(still)) sources[name] = { type: "geojson", data };
  for (const name of SOURCES) sources[name] = { type: "geojson", data: NOTHING };
  sources["states"] = { type: "geojson", data: ground.states, promoteId: "state" };
  return { version: 8, sources, layers: [...landLayers(colours), ...flowLayers(colours), ...words(colours)] };
}

function landLayers(colours: Colours): LayerSpecification[] {
  const tint: ExpressionSpecification = [
    "match", shade, -1, colours.paper, 1, colours.tint1, 2, colours.tint2, 3, colours.tint3, 4, colours.tint4, colours.land,
  ];
  const own: ExpressionSpecification = ["==", shade, -1];
  return [
    { id: "paper", type: "background", paint: { "background-color": colours.shade0 } },
    { id: "sea", type: "fill", source: "sea", paint: { "fill-color": colours.sea, "fill-antialias": false } },
    { id: "states", type: "fill", source: "states", paint: { "fill-color": tint } },
    { id: "refusing", type: "fill", source: "refusing", paint: { "fill-pattern": "refuses" } },
    {
      id: "outlines", type: "line", source: "states",
      paint: { "line-color": ["case", own, colours.ink, colours.border], "line-width": ["case", own, 1.4, 0.8] },
    },
    { id: "refusing-outlines", type: "line", source: "refusing", paint: { "line-color": colours.accent, "line-width": 1.2 } },
    { id: "areas", type: "fill", source: "areas", paint: { "fill-pattern": "hatch" } },
    { id: "borders", type: "line", source: "borders", paint: { "line-color": colours.border, "line-dasharray": [2, 3] } },
    focused("focus-state", "states", ["==", ["get", "state"], ""], colours),
  ];
}

function flowLayers(colours: Colours): LayerSpecification[] {
  const change: ExpressionSpecification = ["get", "change"];
  const { hue0, hue1, hue2, hue3, hue4 } = colours;
  const hue: ExpressionSpecification = ["match", ["get", "hue"], 1, hue1, 2, hue2, 3, hue3, 4, hue4, hue0];
  return [
    focused("focus-link", "links", ["==", ["get", "link"], ""], colours),
    {
      id: "links", type: "line", source: "links",
      layout: { "line-join": "round", "line-sort-key": ["-", 0, ["get", "width"]] },
      paint: {
        "line-width": ["match", change, "lost", 5, "idle", 2.5, ["get", "width"]],
        "line-color": ["match", change, "lost", colours.ink, hue],
        "line-opacity": 0.92,
        "line-dasharray": ["match", change, "less", ["literal", [3, 1.2]], "idle", ["literal", [0.4, 2]], "lost", ["literal", [0.4, 1]], ["literal", [1, 0]]],
      },
    },
    {
      id: "focus-place", type: "circle", source: "places", filter: ["==", ["get", "place"], ""],
      paint: { "circle-radius": 8, "circle-color": colours.accent },
    },
    {
      id: "places", type: "circle", source: "places",
      paint: {
        "circle-radius": 4,
        "circle-color": ["case", ["get", "lost"], colours.accent, colours.paper],
        "circle-stroke-color": colours.ink,
        "circle-stroke-width": 1.4,
      },
    },
  ];
}

/** Return the words, those that come first giving way to those that come later. */
function words(colours: Colours): LayerSpecification[] {
  const halo = { "text-halo-color": colours.land, "text-halo-width": 1.5 };
  const amount = (id: string, filter: ExpressionSpecification): LayerSpecification => ({
    id, type: "symbol", source: "amounts", filter,
    layout: {
      "text-field": ["get", "text"], "text-font": ["Plex Bold", ...FONT], "text-size": 12,
      "text-variable-anchor": ["bottom", "top"], "text-radial-offset": 0.7, "symbol-sort-key": ["get", "rank"], "text-padding": 3,
    },
    paint: { "text-color": colours.ink, ...halo },
  });
  return [
    {
      id: "place-names", type: "symbol", source: "places",
      layout: {
        "text-field": ["get", "text"], "text-font": FONT, "text-size": 12, "symbol-sort-key": ["get", "rank"],
        "text-variable-anchor": ["top", "bottom", "left", "right"], "text-radial-offset": 0.6, "text-justify": "auto",
      },
      paint: { "text-color": colours.ink, ...halo },
    },
    amount("amounts", ["==", ["get", "change"], "same"]),
    amount("changes", ["!=", ["get", "change"], "same"]),
    {
      id: "names", type: "symbol", source: "names",
      layout: {
        "text-field": ["get", "text"], "text-font": ["Plex Italic", ...FONT], "text-size": 14, "text-max-width": 12,
        "symbol-sort-key": ["get", "rank"],
      },
      paint: { "text-color": colours.quiet, ...halo },
    },
  ];
}

function focused(id: string, source: string, filter: ExpressionSpecification, colours: Colours): LayerSpecification {
  const width: ExpressionSpecification = source === "links" ? ["+", 8, ["get", "width"]] : ["+", 5, 0];
  return { id, type: "line", source, filter, paint: { "line-color": colours.accent, "line-width": width } };
}
