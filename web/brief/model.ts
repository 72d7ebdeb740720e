// What a brief carries of its model: numbers only, as `kopir.strategy.refusal.portable` writes them.
// An absent bound is null; assets, activities, limits and balances are named by their places.

export interface Matrix {
  readonly rows: number;
  readonly columns: number;
  readonly starts: readonly number[];
  readonly indices: readonly number[];
  readonly values: readonly number[];
}

export interface Entries {
  readonly row: readonly number[];
  readonly activity: readonly number[];
  readonly share: readonly number[];
}

/** A smallest set of parties that together close a share of an asset: of its capacity or of its usual flow. */
export interface Clause {
  readonly asset: number;
  readonly parties: readonly string[];
  readonly share: number;
  readonly of: "capacity" | "flow";
}

export interface Model {
  readonly assets: number;
  readonly balances: number;
  readonly members: Readonly<Record<string, readonly string[]>>;
  readonly clauses: readonly Clause[];
  /** What clauses in force leave of the capacity of each asset, whoever refuses. */
  readonly today: readonly number[];
  readonly unlimited: readonly number[];
  readonly activities: {
    readonly asset: readonly number[];
    readonly taken: readonly number[];
    readonly put: readonly number[];
    readonly gain: readonly number[];
    readonly cost: readonly number[];
    readonly amount: readonly (number | null)[];
    readonly supplies: readonly number[];
    readonly never_closed: readonly number[];
  };
  readonly steps: {
    readonly activity: readonly number[];
    readonly begin: readonly number[];
    readonly end: readonly (number | null)[];
  };
  readonly limits: Entries & {
    readonly asset: readonly number[];
    readonly capacity: readonly (number | null)[];
    readonly shared: readonly number[];
    readonly parts: readonly { readonly whole: number; readonly parts: readonly number[]; readonly weight: readonly number[] }[];
  };
  readonly needs: {
    readonly asset: readonly number[];
    readonly amount: readonly number[];
    readonly waived: readonly boolean[];
  };
  readonly stores: {
    readonly asset: readonly number[];
    readonly capacity: readonly (number | null)[];
    readonly initial: readonly number[];
  };
  readonly triggers: {
    readonly limit: readonly number[];
    readonly above: readonly number[];
    readonly closed: readonly (readonly number[])[];
  };
  /** The undisturbed flow by activity, and what each supply takes of each shared limit in it. */
  readonly usual: readonly number[];
  readonly shipped: readonly (readonly number[])[];
  readonly value: number;
  /** What residents keep of a unit moved, and of a unit of profit of each supply. */
  readonly residents: { readonly rate: readonly number[]; readonly kept: readonly number[] };
  readonly cost: readonly number[];
  readonly matrix: Matrix;
  /** The same programme with the goods of each origin followed; absent where no cut is shared. */
  readonly following: { readonly equalities: number; readonly matrix: Matrix } | null;
}

/** What is left of each asset: of its capacity, and of its usual use. */
export interface Shares {
  readonly capacity: Float64Array;
  readonly use: Float64Array;
}

export interface Situation {
  readonly capacity: Float64Array;
  readonly open: Float64Array;
  /** What a refusal leaves of usual use, by asset; absent where nobody refuses. */
  readonly kept: Float64Array | null;
  readonly usual: Float64Array;
  readonly sharing: boolean;
}

/** Return a number of the record: what is absent has no bound. */
export function bound(value: number | null | undefined): number {
  return value ?? Infinity;
}

export function at(values: ArrayLike<number>, place: number): number {
  const value = values[place];
  if (value === undefined) throw new RangeError(`nothing at ${place}`);
  return value;
}
