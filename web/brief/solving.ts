// The best flow in a situation: the programme over HiGHS, and a branch for each trigger that a flow sets off.

import type { Highs, Model as Solver } from "highs";
import { type Bounds, boundsOf, sharedBoundsOf } from "./bounds.js";
import { at, type Matrix, type Model, type Situation } from "./model.js";

const TOLERANCE = 1e-7; // Mt a year by which a use may pass its threshold: the solver's own slack

export interface Flow {
  readonly value: number;
  /** Mt moved by each activity. */
  readonly use: Float64Array;
}

/** Programmes of one model, built once and solved with changed bounds. */
export class Programmes {
  readonly #highs: Highs;
  readonly #model: Model;
  readonly #built = new Map<Matrix, Solver>();

  constructor(highs: Highs, model: Model) {
    this.#highs = highs;
    this.#model = model;
  }

  /** Return the best flow in a situation; null where there is none. */
  best(situation: Situation): Flow | null {
    return this.#model.triggers.limit.length === 0 ? this.#untriggered(situation) : this.#branched(situation);
  }

  #untriggered(situation: Situation): Flow | null {
    const shared = sharedBoundsOf(this.#model, situation);
    const following = this.#model.following;
    return shared !== null && following !== null
      ? this.#solved(following.matrix, shared)
      : this.#solved(this.#model.matrix, boundsOf(this.#model, situation));
  }

  #branched(situation: Situation): Flow | null {
    const everything = this.#model.needs.waived.some(Boolean);
    const open: Map<number, boolean>[] = [new Map()];
    let best: Flow | null = null;
    for (let fired = open.pop(); fired !== undefined; fired = open.pop()) {
      const flow = this.#untriggered(this.#decided(situation, fired));
      if (flow === null) continue;
      const worse: boolean = best !== null && flow.value <= best.value;
      if (worse && !everything) continue;
      const known = fired;
      const broken = this.#passed(flow, everything).find((one) => !known.has(one));
      if (broken !== undefined) for (const state of [true, false]) open.push(new Map(known).set(broken, state));
      else if (!worse) best = flow;
    }
    return best;
  }

  #passed(flow: Flow, everything: boolean): number[] {
    const { limits, triggers } = this.#model;
    const used = new Float64Array(limits.asset.length);
    limits.row.forEach((limit, entry) => {
      used[limit] = at(used, limit) + at(limits.share, entry) * at(flow.use, at(limits.activity, entry));
    });
    return [...triggers.limit.keys()].filter(
      (one) => everything || at(used, at(triggers.limit, one)) > at(triggers.above, one) + TOLERANCE,
    );
  }

  #decided(situation: Situation, fired: ReadonlyMap<number, boolean>): Situation {
    const [capacity, open] = [situation.capacity.slice(), situation.open.slice()];
    for (const [one, state] of fired) {
      if (!state) capacity[at(this.#model.triggers.limit, one)] = at(this.#model.triggers.above, one);
      else this.#model.triggers.closed[one]?.forEach((share, asset) => (open[asset] = at(open, asset) * (1 - share)));
    }
    return { ...situation, capacity, open };
  }

  #solved(matrix: Matrix, bounds: Bounds): Flow | null {
    const solver = this.#solver(matrix, bounds);
    const { modelStatus } = solver.run();
    const { optimal, infeasible, unboundedOrInfeasible } = this.#highs.constants.modelStatus;
    if (modelStatus === infeasible || modelStatus === unboundedOrInfeasible) return null;
    if (modelStatus !== optimal) throw new Error(`the solver stopped with status ${modelStatus}`);
    const columns = solver.getSolution().colValue;
    const use = new Float64Array(this.#model.usual.length);
    this.#model.steps.activity.forEach((activity, step) => {
      use[activity] = at(use, activity) + at(columns, step);
    });
    return { value: -solver.getObjectiveValue(), use };
  }

  /** Return the programme within the bounds; it starts from no basis, so that no answer depends on earlier ones. */
  #solver(matrix: Matrix, bounds: Bounds): Solver {
    let solver = this.#built.get(matrix);
    if (solver === undefined) {
      solver = this.#highs.createModel();
      solver.options.set({ output_flag: false, solver: "simplex", presolve: "off", random_seed: 0 });
      this.#built.set(matrix, solver);
    }
    solver.passModel({
      numCols: matrix.columns,
      numRows: matrix.rows,
      colCost: padded(this.#model.cost, matrix.columns),
      colLower: bounds.lower,
      colUpper: bounds.upper,
      rowLower: bounds.rowLower,
      rowUpper: bounds.rowUpper,
      matrix: {
        format: "csc",
        numRows: matrix.rows,
        numCols: matrix.columns,
        starts: Int32Array.from(matrix.starts),
        indices: Int32Array.from(matrix.indices),
        values: Float64Array.from(matrix.values),
      },
    });
    return solver;
  }
}

function padded(values: readonly number[], length: number): Float64Array {
  const whole = new Float64Array(length);
  whole.set(values);
  return whole;
}
