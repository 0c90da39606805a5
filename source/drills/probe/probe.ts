import {HttpCaller} from '../http/http-call.js';
import type {ProbeRecording} from '../recording/drill-recording.js';
import {TimelineRecorder} from '../recording/timeline-recorder.js';
import {ProbeError} from './probe-error.js';
import {ProbeRecord} from './probe-record.js';
import type {ProbeReport} from './probe-report.js';
import {formatStatuses, type ProbeSpec} from './probe-spec.js';

/** Milliseconds between two calls: ten a second are no load, and show an outage to a tenth of a second. */
const everyMs = 100;

const maxBehindMs = 2000;

/** Most calls in flight. Beyond that, a call that is due fails without being made. */
const maxPending = 100;

/** One page of an application, requested at a fixed rate whether or not earlier calls have been answered. */
export class Probe {
	readonly #spec: ProbeSpec;
	readonly #caller = new HttpCaller();
	readonly #record = new ProbeRecord();
	#timeline: TimelineRecorder | undefined;
	#timer: NodeJS.Timeout | undefined;
	#dueAt = 0;
	#pending = 0;

	constructor(spec: ProbeSpec) {
		this.#spec = spec;
	}

	/**
	 * Makes one call before the drill.
	 *
	 * @throws {ProbeError} It is not answered as expected.
	 */
	async check(): Promise<void> {
		const {name} = this.#spec;
		try {
			const failure = await this.#call();
			if (failure !== undefined) throw new ProbeError(`probe ${name} fails before the drill: ${failure}`);
		} catch (error) {
			if (error instanceof ProbeError) throw error;
			const reason = error instanceof Error ? error.message : String(error);
			throw new ProbeError(`probe ${name} fails before the drill: ${reason}`, 'ERR_PROBE_UNREACHABLE');
		}
	}

	start(): void {
		this.#dueAt = performance.now();
		this.#timeline = new TimelineRecorder(this.#dueAt, {hits: 0, misses: 0, journal: 0});
		this.#callWhatIsDue();
	}

	/** Sets if a fault is active, for the calls that are due from now on. */
	setFaultActive(isActive: boolean): void {
		this.#record.setFaultActive(isActive, performance.now());
	}

	/** Makes no more calls. Resolves when those in flight are answered or given up. */
	async stop(): Promise<void> {
		clearTimeout(this.#timer);
		while (this.#pending > 0) await new Promise((resolve) => setTimeout(resolve, 10));
	}

	report(): ProbeReport {
		return {name: this.#spec.name, ...this.#record.report()};
	}

	/** Undefined before the drill. */
	recording(): ProbeRecording | undefined {
		return this.#timeline && {name: this.#spec.name, ...this.#timeline.timeline()};
	}

	close(): void {
		clearTimeout(this.#timer);
		this.#caller.close();
	}

	#callWhatIsDue(): void {
		const now = performance.now();
		// Calls that were due while this process did not run are not made.
		if (now - this.#dueAt > maxBehindMs) this.#dueAt = now;
		for (; this.#dueAt <= now; this.#dueAt += everyMs) void this.#callOnce(this.#dueAt);
		this.#timer = setTimeout(() => this.#callWhatIsDue(), this.#dueAt - now);
	}

	async #callOnce(dueAt: number): Promise<void> {
		const count = this.#record.begin(dueAt);
		const settle = (at: number, failure: string | undefined) => {
			count(at, failure);
			this.#timeline?.onCall(failure === undefined ? 'done' : 'failed', dueAt, at - dueAt);
		};
		if (this.#pending >= maxPending) {
			settle(performance.now(), 'too many calls in flight');
			return;
		}
		this.#pending++;
		try {
			const failure = await this.#call();
			settle(performance.now(), failure);
		} catch (error) {
			settle(performance.now(), error instanceof Error ? error.message : String(error));
		} finally {
			this.#pending--;
		}
	}

	/** Resolves with the problem of the reply; undefined if it is as expected. Rejects if there is no reply. */
	async #call(): Promise<string | undefined> {
		const {url, method, headers, statuses, timeoutMs} = this.#spec;
		const {status, location} = await this.#caller.call({url, method, headers}, timeoutMs);
		if (statuses.some(({from, to}) => status >= from && status <= to)) return undefined;
		const redirect = location === undefined ? '' : '; redirects are not followed';
		return `it answered ${status} instead of ${formatStatuses(statuses)}${redirect}`;
	}
}
