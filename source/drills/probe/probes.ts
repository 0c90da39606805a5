import type {ProbeRecording} from '../recording/drill-recording.js';
import {Probe} from './probe.js';
import type {ProbeReport} from './probe-report.js';
import type {ProbeSpec} from './probe-spec.js';

/** All probes of a drill. */
export class Probes {
	readonly #probes: readonly Probe[];

	constructor(specs: readonly ProbeSpec[]) {
		this.#probes = specs.map((spec) => new Probe(spec));
	}

	/** @throws {ProbeError} One of them is not answered as expected before the drill. */
	async check(): Promise<void> {
		await Promise.all(this.#probes.map((probe) => probe.check()));
	}

	start(): void {
		for (const probe of this.#probes) probe.start();
	}

	setFaultActive(isActive: boolean): void {
		for (const probe of this.#probes) probe.setFaultActive(isActive);
	}

	async stop(): Promise<void> {
		await Promise.all(this.#probes.map((probe) => probe.stop()));
	}

	report(): readonly ProbeReport[] {
		return this.#probes.map((probe) => probe.report());
	}

	recordings(): readonly ProbeRecording[] {
		return this.#probes.flatMap((probe) => probe.recording() ?? []);
	}

	close(): void {
		for (const probe of this.#probes) probe.close();
	}
}
