// What a refusal leaves of assets: the product of 1 - severity x share over the clauses whose parties all refuse.

import { at, bound, type Model, type Shares, type Situation } from "./model.js";

/** Return what a refusal by `parties` to a `severity` (0 to 1) leaves of each asset. */
export function sharesLeft(model: Model, parties: ReadonlySet<string>, severity: number): Shares {
  const acting = new Set<string>();
  for (const party of parties) for (const one of [party, ...(model.members[party] ?? [])]) acting.add(one);
  const capacity = Float64Array.from(model.today);
  const use = new Float64Array(model.assets).fill(1);
  for (const clause of model.clauses) {
    if (!clause.parties.every((one) => acting.has(one))) continue;
    const left = clause.of === "capacity" ? capacity : use;
    left[clause.asset] = at(left, clause.asset) * (1 - severity * clause.share);
  }
  for (const asset of model.unlimited) {
    const [now, today] = [at(capacity, asset), at(model.today, asset)];
    if (now >= today) continue;
    use[asset] = at(use, asset) * (now / today);
    capacity[asset] = today;
  }
  return { capacity, use };
}

/** Return whether a refusal leaves less of anything than there is today. */
export function closesAnything(model: Model, left: Shares): boolean {
  return left.capacity.some((share, asset) => share < at(model.today, asset)) || left.use.some((share) => share < 1);
}

/** Return the situation in which so much is left of each asset and somebody refuses. */
export function situationOf(model: Model, left: Shares): Situation {
  const shares = [...left.capacity, ...left.use];
  const hit = shares.some((share) => share < 1);
  const partly = shares.some((share) => share > 0 && share < 1);
  return {
    capacity: Float64Array.from(model.limits.capacity, bound),
    open: left.capacity,
    kept: hit ? left.use : null,
    usual: partly ? Float64Array.from(model.usual) : new Float64Array(model.usual.length),
    sharing: partly && model.following !== null,
  };
}
