// What a flow brings to residents, as `Ledger.booked` books it.

import { at, type Model } from "./model.js";

/** Return what residents earn by a flow (million USD a year): their share of profits, charges and what is owed. */
export function earned(model: Model, use: Float64Array): number {
  const { gain, put } = model.activities;
  const fetched = netback(model, use);
  let sum = model.residents.rate.reduce((total, rate, one) => total + rate * at(use, one), 0);
  model.residents.kept.forEach((kept, one) => {
    if (kept === 0 || at(use, one) <= 0) return;
    const profit = at(use, one) * (at(fetched, at(put, one)) * at(gain, one) - at(model.activities.cost, one));
    sum += kept * profit;
  });
  return sum;
}

/** Return what a unit at each balance fetches on average after all costs ahead (USD/t); 0 where nothing leaves. */
function netback(model: Model, use: Float64Array): Float64Array {
  const { taken, put, gain, cost } = model.activities;
  const size = model.balances;
  const leaving = new Float64Array(size);
  const value = new Float64Array(size);
  const moved = taken.flatMap((node, one) => (node >= 0 && at(use, one) > 0 ? [one] : []));
  for (const one of moved) {
    const node = at(taken, one);
    leaving[node] = at(leaving, node) + at(use, one);
    value[node] = at(value, node) - at(cost, one) * at(use, one);
  }
  const whole = leaving.map((amount) => (amount > 0 ? amount : 1));
  const rows = Array.from({ length: size }, (_, node) => new Float64Array(size).fill(1, node, node + 1));
  for (const one of moved) {
    const [node, next] = [at(taken, one), at(put, one)];
    const row = rows[node];
    if (next >= 0 && row !== undefined) row[next] = at(row, next) - (at(gain, one) * at(use, one)) / at(whole, node);
  }
  return solved(
    rows,
    value.map((sum, node) => sum / at(whole, node)),
  );
}

/** Return x with rows @ x = right: elimination with the largest pivot, rows left as they end. */
function solved(rows: Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  const found = right.slice();
  for (let step = 0; step < size; step++) {
    let best = step;
    for (let row = step + 1; row < size; row++) {
      if (Math.abs(entry(rows, row, step)) > Math.abs(entry(rows, best, step))) best = row;
    }
    [rows[step], rows[best]] = [rows[best] as Float64Array, rows[step] as Float64Array];
    [found[step], found[best]] = [at(found, best), at(found, step)];
    for (let row = step + 1; row < size; row++) subtract(rows, found, row, step);
  }
  for (let row = size - 1; row >= 0; row--) {
    let rest = at(found, row);
    for (let column = row + 1; column < size; column++) rest -= entry(rows, row, column) * at(found, column);
    found[row] = rest / entry(rows, row, row);
  }
  return found;
}

function subtract(rows: Float64Array[], found: Float64Array, row: number, step: number): void {
  const [own, other] = [rows[row] as Float64Array, rows[step] as Float64Array];
  if (at(own, step) === 0) return;
  const factor = at(own, step) / at(other, step);
  for (let column = step; column < own.length; column++) own[column] = at(own, column) - factor * at(other, column);
  found[row] = at(found, row) - factor * at(found, step);
}

function entry(rows: readonly Float64Array[], row: number, column: number): number {
  return at(rows[row] as Float64Array, column);
}
