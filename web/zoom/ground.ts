// The ground of the map, as the server tells it, and what a choice puts on it.

import type { Feature, FeatureCollection, Geometry, MultiLineString, Point, Position } from "geojson";
import type { Drawn } from "./drawn.js";

/** Land, lines and places in degrees; `bounds` are west, south, east and north of what the drawn map shows. */
export interface Ground {
  bounds: [number, number, number, number];
  sea: FeatureCollection;
  states: FeatureCollection<Geometry, { state?: string }>;
  areas: FeatureCollection;
  borders: FeatureCollection;
  names: FeatureCollection<Point, { state: string }>;
  links: FeatureCollection<MultiLineString, { link: string }>;
  places: FeatureCollection<Point, { place: string }>;
}

/** Return the collections that a choice changes, by source. */
export function chosenOn(ground: Ground, drawn: Drawn): Record<string, FeatureCollection> {
  const names = ground.names.features.map((one) => {
    const state = drawn.states.get(one.properties.state);
    return { ...one, properties: { text: state?.name ?? "", rank: -(state?.shade ?? 0) } };
  });
  const links: Feature[] = [];
  const amounts: Feature[] = [];
  for (const one of ground.links.features) {
    const link = drawn.links.get(one.properties.link);
    if (link === undefined) continue;
    const { code, width, hue, change } = link;
    links.push({ ...one, properties: { link: code, width, hue, change } });
    const rank = (change === "same" ? 100 : 0) - width;
    const at: Point = { type: "Point", coordinates: middleOf(one.geometry.coordinates) };
    if (link.amount !== "") amounts.push({ type: "Feature", geometry: at, properties: { text: link.amount, change, rank, width } });
  }
  const order = Array.from(drawn.places.keys());
  const places = ground.places.features.flatMap((one): Feature[] => {
    const place = drawn.places.get(one.properties.place);
    if (place === undefined) return [];
    const { code, name, lost } = place;
    return [{ ...one, properties: { place: code, text: name, lost, rank: order.indexOf(code) } }];
  });
  const refusing = ground.states.features.filter((one) => drawn.states.get(one.properties.state ?? "")?.denied);
  const told = { names, links, amounts, places, refusing };
  return Object.fromEntries(Object.entries(told).map(([name, features]) => [name, { type: "FeatureCollection", features }]));
}

/** Return the middle of the longest of the lines of a link. */
export function middleOf(lines: readonly Position[][]): Position {
  const longest = lines.reduce((one, other) => (other.length > one.length ? other : one));
  const [first, last] = [longest[0], longest[longest.length - 1]];
  if (first === undefined || last === undefined) return [0, 0];
  if (longest.length > 2) return longest[Math.floor(longest.length / 2)] ?? first;
  return [((first[0] ?? 0) + (last[0] ?? 0)) / 2, ((first[1] ?? 0) + (last[1] ?? 0)) / 2];
}
