import type {Mode, ModeChange} from '../../../metrics/snapshot.js';
import {unixNow} from '../../../time/real-time.js';
import {localNow} from '../../clock/local-now.js';
import type {BreakerLimits} from '../../options/settings.js';
import {Answers} from '../health/answers.js';
import {Breaker} from '../health/breaker.js';
import {Fullness} from '../health/fullness.js';
import {Relapses} from '../health/relapses.js';

/**
 * A node of a cluster, which goes out of use independently of other nodes: its mode, and the circuit breaker that takes it out
 * of use.
 */
export class FailureDomain {
	readonly breaker: Breaker;
	readonly answers = new Answers();
	readonly fullness = new Fullness();
	/** True since it has answered a probe, until it is lost. */
	isAnswering = false;
	/** True once its data was checked for lost changes since it was last probed: from then on its dirty names may be reconciled. */
	isChecked = false;
	/** True while it is being probed or reconciled. */
	isProbing = false;
	/** True once it has refused writes, until it is back in use: the probe must then try a write. */
	areWritesRefused = false;
	readonly relapses: Relapses;
	/** Local time since which it has been in use; `Infinity` while it is not. */
	inUseSince = Number.POSITIVE_INFINITY;
	/** The reason why the last probe failed. */
	problem: Error | undefined;
	#mode: ModeChange = {mode: 'recovering', at: unixNow(), reason: 'connecting'};

	constructor(
		/** `10.0.0.7:6379` */
		readonly address: string,
		limits: BreakerLimits,
		{deadlineMs, probeMs}: {readonly deadlineMs: number; readonly probeMs: number},
	) {
		this.breaker = new Breaker(limits, deadlineMs);
		this.relapses = new Relapses(probeMs);
	}

	get mode(): ModeChange {
		return this.#mode;
	}

	get isInUse(): boolean {
		return this.#mode.mode === 'connected';
	}

	enter(mode: Mode, reason: string): void {
		if (mode !== 'connected') this.inUseSince = Number.POSITIVE_INFINITY;
		else if (!this.isInUse) this.inUseSince = localNow();
		this.#mode = {mode, at: unixNow(), reason};
		if (mode === 'connected') this.relapses.back();
	}
}
