import {WireRecord} from '../../../drills/wire/wire-record.js';
import type {Tap} from '../../../tap/tap.js';
import {startWords} from '../../application-entry.js';
import type {ApplicationSnapshot} from '../../application-snapshot.js';
import type {EventsWriter} from '../../log/events-log.js';
import {FindingEvents} from '../../log/finding-events.js';
import type {TrafficCourse} from '../../protocol.js';
import type {FaultControl} from '../fault-control.js';
import type {DrilledApplication} from './drilled-application.js';
import {OutageWatch} from './outage-watch.js';

const watchMs = 1000;

/** Milliseconds for which a snapshot is reused: creating one delays the application's traffic. */
const snapshotMs = 250;

type TappedApplicationOptions = {
	readonly tap: Tap;
	/** URL of the server, without credentials. */
	readonly target: string;
	readonly faults: Pick<FaultControl, 'onStart' | 'onChange'>;
	readonly log: EventsWriter;
};

/** The application behind the tap: its statistics, findings and log lines. */
export class TappedApplication implements DrilledApplication {
	readonly address: string;
	readonly entry: string;
	readonly #tap: Tap;
	readonly #target: string;
	readonly #outages: OutageWatch;
	readonly #findingEvents: FindingEvents;
	readonly #stop: () => void;
	#snapshot: ApplicationSnapshot | undefined;
	#takenAt = 0;

	constructor({tap, target, faults, log}: TappedApplicationOptions) {
		this.#tap = tap;
		this.#target = target;
		this.address = tap.address;
		this.entry = startWords(tap.address, target);
		this.#findingEvents = new FindingEvents(log);
		const outages = new OutageWatch(tap.links, log);
		this.#outages = outages;
		const stopExpecting = faults.onStart(() => outages.expectFault());
		const stop = faults.onChange((active) => {
			tap.onServerFault(active.length > tap.proxy.active().length);
			outages.setFaults(active);
		});
		const timer = setInterval(() => this.#watch(), watchMs).unref();
		this.#stop = () => {
			clearInterval(timer);
			stopExpecting();
			stop();
		};
	}

	get isUnused(): boolean {
		return this.#tap.proxy.accepted() === 0;
	}

	/** At most a quarter of a second old. */
	snapshot(): ApplicationSnapshot {
		const now = performance.now();
		if (this.#snapshot === undefined || now - this.#takenAt >= snapshotMs) {
			this.#takenAt = now;
			this.#snapshot = {
				...this.#tap.snapshot(),
				target: this.#target,
				listen: this.#tap.address,
				live: this.#tap.live(),
				outage: this.#outages.snapshot(),
			};
		}
		return this.#snapshot;
	}

	course(): TrafficCourse {
		return this.#tap.course();
	}

	record(): WireRecord {
		return new WireRecord(this.#tap.links, this.#tap.printKey);
	}

	/** Stops observing. The tap stays open. */
	close(): void {
		this.#stop();
		this.#outages.close();
	}

	#watch(): void {
		this.#outages.tick();
		this.#findingEvents.add(this.snapshot().findings);
	}
}
