// Bounds of the programme in a situation, as `Formulation.bounds` and `Following.bounds` set them for one year.

import { at, bound, type Model, type Situation } from "./model.js";

const SEEN = 1e-9; // Mt a year below which an origin has no part in a limit

export interface Bounds {
  readonly rowLower: Float64Array;
  readonly rowUpper: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
}

/** Return the bounds of rows and columns in a situation. */
export function boundsOf(model: Model, situation: Situation): Bounds {
  const { limits, widths, owed } = rates(model, situation);
  const { asset, initial, capacity } = model.stores;
  const left = asset.map((one) => at(situation.open, one) * keptOf(situation, one));
  const first = initial.map((stock, store) => Math.min(stock, bound(capacity[store])) * at(left, store));
  const above = initial.map((stock, store) => {
    const room = bound(capacity[store]) - Math.min(stock, bound(capacity[store]));
    return times(at(left, store), room);
  });
  const stock = initial.map((one, store) => one * at(left, store));
  const none = asset.map(() => 0);
  const all = asset.map(() => Infinity);
  const balanced = new Float64Array(model.balances);
  return {
    rowLower: Float64Array.from([...balanced, ...limits.map(() => -Infinity), ...owed, ...stock]),
    rowUpper: Float64Array.from([...balanced, ...limits, ...owed.map(() => Infinity), ...stock]),
    lower: Float64Array.from([...widths.map(() => 0), ...none, ...none, ...first, ...none]),
    upper: Float64Array.from([...widths, ...all, ...all, ...first, ...above]),
  };
}

/** Return the bounds with what each origin may take of limits that are cut; null where no cut is shared. */
export function sharedBoundsOf(model: Model, situation: Situation): Bounds | null {
  const left = sharesOfOrigins(model, situation);
  if (model.following === null || !left.some(Number.isFinite)) return null;
  const base = boundsOf(model, situation);
  const equal = new Array<number>(model.following.equalities).fill(0);
  const more = model.following.matrix.columns - base.lower.length;
  return {
    rowLower: Float64Array.from([...base.rowLower, ...equal, ...left.map(() => -Infinity)]),
    rowUpper: Float64Array.from([...base.rowUpper, ...equal, ...left]),
    lower: Float64Array.from([...base.lower, ...new Array<number>(more).fill(0)]),
    upper: Float64Array.from([...base.upper, ...new Array<number>(more).fill(Infinity)]),
  };
}

/** Return limits, widths of steps and needs, in Mt a year. */
function rates(model: Model, situation: Situation): { limits: number[]; widths: number[]; owed: number[] } {
  const { activities, steps, needs } = model;
  const whole = activities.amount.map((amount) => Math.max(bound(amount), 0));
  const supplied = activities.supplies.reduce((sum, one) => sum + at(whole, one), 0);
  const limits = model.limits.asset.map((asset, limit) =>
    closed(Math.max(at(situation.capacity, limit), 0), at(situation.open, asset), supplied),
  );
  const never = new Set(activities.never_closed);
  const amounts = whole.map((amount, one) => {
    if (never.has(one)) return amount;
    const asset = at(activities.asset, one);
    return Math.min(closed(amount, at(situation.open, asset), Infinity), usualLeft(situation, asset, one));
  });
  const widths = steps.activity.map((one, step) => {
    const begin = at(steps.begin, step);
    return Math.min(Math.max(at(amounts, one), begin), bound(steps.end[step])) - begin;
  });
  const owed = needs.amount.map((amount, need) => {
    const asset = at(needs.asset, need);
    return needs.waived[need] === true ? amount * at(situation.open, asset) * keptOf(situation, asset) : amount;
  });
  return { limits, widths, owed };
}

/** Return the most that each supply may take of each shared limit, limit after limit. */
function sharesOfOrigins(model: Model, situation: Situation): number[] {
  const { limits } = model;
  if (!situation.sharing || situation.kept === null) return [];
  const load = new Float64Array(limits.asset.length);
  const bounded = new Float64Array(limits.asset.length);
  limits.row.forEach((limit, entry) => {
    const [activity, share] = [at(limits.activity, entry), at(limits.share, entry)];
    load[limit] = at(load, limit) + share * at(situation.usual, activity);
    const asset = at(model.activities.asset, activity);
    bounded[limit] = at(bounded, limit) + times(share, usualLeft(situation, asset, activity));
  });
  const allowed = limits.asset.map((asset, limit) => {
    const open = at(situation.open, asset);
    const left = open > 0 ? at(situation.capacity, limit) * open : 0;
    return keptOf(situation, asset) < 1 ? Math.min(left, at(bounded, limit)) : left;
  });
  const within = [...allowed];
  for (const { whole, parts, weight } of limits.parts) {
    const together = parts.reduce((sum, part, place) => sum + times(at(weight, place), at(allowed, part)), 0);
    within[whole] = Math.min(at(allowed, whole), together);
  }
  return limits.shared.flatMap((limit, place) => {
    const shipped = model.shipped[place] ?? [];
    const [most, usual] = [at(within, limit), at(load, limit)];
    const several = shipped.filter((amount) => amount > SEEN).length > 1;
    const cut = most > 0 && most < usual * (1 - SEEN) && usual > SEEN && several;
    return shipped.map((amount) => (cut ? amount * (most / usual) : Infinity));
  });
}

function keptOf(situation: Situation, asset: number): number {
  return situation.kept === null ? 1 : at(situation.kept, asset);
}

/** Return the most that a refusal leaves of the usual use of an activity on an asset. */
function usualLeft(situation: Situation, asset: number, activity: number): number {
  const kept = keptOf(situation, asset);
  return kept < 1 ? kept * at(situation.usual, activity) : Infinity;
}

function closed(amount: number, share: number, unlimited: number): number {
  return share < 1 ? times(share, Number.isFinite(amount) ? amount : unlimited) : amount;
}

/** Return a product in which nothing of what has no bound is nothing. */
function times(share: number, amount: number): number {
  return share === 0 ? 0 : share * amount;
}
