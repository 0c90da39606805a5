import type {ActiveFault, Direction, FaultOf, WireFault} from '../faults/fault.js';

/** Effect of all active wire faults on the bytes of one direction. */
export type PipeRules = {
	/** Bytes are dropped. */
	readonly swallow: boolean;
	/** Bytes are kept until the rules change. */
	readonly hold: boolean;
	/** Several latencies add up. */
	readonly delays: readonly {readonly delayMs: number; readonly jitterMs: number}[];
	/** The lowest of several bandwidths. */
	readonly bytesPerMs: number | undefined;
	/** The finest of several slices. */
	readonly slice: {readonly bytes: number; readonly delayMs: number} | undefined;
	/** Faults that count the bytes of this direction. */
	readonly limits: readonly LimitRule[];
};

export type LimitRule = {
	/** Id of the fault. */
	readonly id: number;
	readonly bytes: number;
};

/** Effect of all active wire faults on a connection. */
export type LinkRules = {
	readonly up: PipeRules;
	readonly down: PipeRules;
	readonly errors: readonly FaultOf<'error'>[];
	/** New and existing connections are reset after this many milliseconds. */
	readonly resetAfterMs: number | undefined;
	/** New connections are accepted and never answered. */
	readonly mute: boolean;
	/** New connections are refused. */
	readonly refuse: boolean;
};

/** The rules without faults: bytes pass at once. Compared by identity. */
export const freePipe: PipeRules = {
	swallow: false,
	hold: false,
	delays: [],
	bytesPerMs: undefined,
	slice: undefined,
	limits: [],
};

type Draft = {-readonly [Field in keyof LinkRules]: LinkRules[Field]};

/** The effect of each kind of fault on the rules. A kind without an entry does not compile. */
const effects: {
	readonly [Kind in WireFault['kind']]: (draft: Draft, fault: FaultOf<Kind>, id: number) => void;
} = {
	refuse: (draft) => {
		draft.refuse = true;
	},
	reset: (draft, {afterMs = 0}) => {
		draft.resetAfterMs = Math.min(draft.resetAfterMs ?? Number.POSITIVE_INFINITY, afterMs);
	},
	blackhole: (draft, {direction}) => changePipes(draft, direction, () => ({swallow: true})),
	stall: (draft, {direction}) => changePipes(draft, direction, () => ({hold: true})),
	handshake: (draft) => {
		draft.mute = true;
	},
	latency: (draft, {delayMs, jitterMs = 0, direction}) =>
		changePipes(draft, direction, ({delays}) => ({delays: [...delays, {delayMs, jitterMs}]})),
	// A kilobyte is 1000 bytes, so kilobytes a second are bytes a millisecond.
	bandwidth: (draft, {kbps, direction}) =>
		changePipes(draft, direction, ({bytesPerMs = Number.POSITIVE_INFINITY}) => ({
			bytesPerMs: Math.min(bytesPerMs, kbps),
		})),
	slice: (draft, {bytes, delayMs = 0, direction}) =>
		changePipes(draft, direction, ({slice}) => ({
			slice: slice !== undefined && slice.bytes <= bytes ? slice : {bytes, delayMs},
		})),
	// Implemented by a timer of the proxy, not by rules.
	flaky: () => {},
	limit: (draft, {bytes, direction}, id) =>
		changePipes(draft, direction, ({limits}) => ({limits: [...limits, {id, bytes}]})),
	error: (draft, fault) => {
		draft.errors = [...draft.errors, fault];
	},
};

/** The rules that result from the active faults. */
export function rulesOf(active: readonly ActiveFault<WireFault>[]): LinkRules {
	const draft: Draft = {
		up: freePipe,
		down: freePipe,
		errors: [],
		resetAfterMs: undefined,
		mute: false,
		refuse: false,
	};
	for (const {fault, id} of active) {
		// The compiler cannot infer that the entry of a fault's kind accepts that fault.
		const effect = effects[fault.kind] as (draft: Draft, fault: WireFault, id: number) => void;
		effect(draft, fault, id);
	}
	return draft;
}

function changePipes(
	draft: Draft,
	direction: Direction | undefined,
	change: (rules: PipeRules) => Partial<PipeRules>,
): void {
	if (direction !== 'down') draft.up = {...draft.up, ...change(draft.up)};
	if (direction !== 'up') draft.down = {...draft.down, ...change(draft.down)};
}
