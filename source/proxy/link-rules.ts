import type {ActiveFault, Direction, WireFault} from '../faults/fault.js';

type FaultOf<Kind extends WireFault['kind']> = Extract<WireFault, {kind: Kind}>;

/** What is to be done to the bytes of one direction. All wire faults in force, put together. */
export type PipeRules = {
	readonly swallow: boolean;
	readonly hold: boolean;
	/** Several latencies add up. */
	readonly delays: readonly {readonly delayMs: number; readonly jitterMs: number}[];
	/** The narrowest of several. */
	readonly bytesPerMs: number | undefined;
	/** The finest of several. */
	readonly slice: {readonly bytes: number; readonly delayMs: number} | undefined;
	/** Faults that count this direction's bytes. */
	readonly limits: readonly LimitRule[];
};

export type LimitRule = {readonly id: number; readonly bytes: number};

/** What is to be done to a connection. */
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

/** Nothing is done: bytes may be passed on at once. Always this one object. */
export const freePipe: PipeRules = {
	swallow: false,
	hold: false,
	delays: [],
	bytesPerMs: undefined,
	slice: undefined,
	limits: [],
};

export function rulesOf(active: readonly ActiveFault[]): LinkRules {
	const resets = ofKind(active, 'reset').map(({fault}) => fault.afterMs ?? 0);
	return {
		up: pipeRules(active, 'up'),
		down: pipeRules(active, 'down'),
		errors: ofKind(active, 'error').map(({fault}) => fault),
		resetAfterMs: resets.length === 0 ? undefined : Math.min(...resets),
		mute: ofKind(active, 'handshake').length > 0,
		refuse: ofKind(active, 'refuse').length > 0,
	};
}

function pipeRules(active: readonly ActiveFault[], way: 'up' | 'down'): PipeRules {
	const mine = active.filter(({fault}) => 'direction' in fault === false || matches(fault.direction, way));
	const rates = ofKind(mine, 'bandwidth').map(({fault}) => fault.kbps);
	const slices = ofKind(mine, 'slice').map(({fault}) => ({bytes: fault.bytes, delayMs: fault.delayMs ?? 0}));
	const rules: PipeRules = {
		swallow: ofKind(mine, 'blackhole').length > 0,
		hold: ofKind(mine, 'stall').length > 0,
		delays: ofKind(mine, 'latency').map(({fault}) => ({delayMs: fault.delayMs, jitterMs: fault.jitterMs ?? 0})),
		// A kilobyte is 1000 bytes, so kilobytes a second are bytes a millisecond.
		bytesPerMs: rates.length === 0 ? undefined : Math.min(...rates),
		slice: slices.sort((a, b) => a.bytes - b.bytes)[0],
		limits: ofKind(mine, 'limit').map(({id, fault}) => ({id, bytes: fault.bytes})),
	};
	const free =
		!rules.swallow &&
		!rules.hold &&
		rules.delays.length === 0 &&
		rates.length === 0 &&
		slices.length === 0 &&
		rules.limits.length === 0;
	return free ? freePipe : rules;
}

function ofKind<Kind extends WireFault['kind']>(
	active: readonly ActiveFault[],
	kind: Kind,
): {readonly id: number; readonly fault: FaultOf<Kind>}[] {
	return active.flatMap(({id, fault}) => (isKind(fault, kind) ? [{id, fault}] : []));
}

function isKind<Kind extends WireFault['kind']>(fault: ActiveFault['fault'], kind: Kind): fault is FaultOf<Kind> {
	return fault.kind === kind;
}

function matches(direction: Direction | undefined, way: 'up' | 'down'): boolean {
	return direction === undefined || direction === 'both' || direction === way;
}
