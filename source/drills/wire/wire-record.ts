import type {Finding, FindingId} from '../../tap/findings/finding.js';
import {TrafficFindings} from '../../tap/findings/traffic-findings.js';
import {type KeyPrinter, keyText} from '../../tap/key-text.js';
import {type Links, WireFigures} from './wire-figures.js';
import type {WireReport} from './wire-report.js';

/** Findings about the mix of the traffic, which in a drill is that of its probes and its workload. */
const ofTheDrillItself: ReadonlySet<FindingId> = new Set([
	'hot-key',
	'low-hit-ratio',
	'never-read',
	'repeated-miss',
	'same-ttl',
]);

/** An application's connections during one drill: the figures of its report, and the problems that its traffic shows. */
export class WireRecord {
	readonly #links: Links;
	readonly #printKey: KeyPrinter;
	readonly #figures: WireFigures;
	readonly #findings = new TrafficFindings();
	#stop: () => void = () => {};

	/** @param printKey Makes the names of keys in findings readable, or hides them. */
	constructor(links: Links, printKey: KeyPrinter = keyText) {
		this.#links = links;
		this.#printKey = printKey;
		this.#figures = new WireFigures(links);
	}

	/** Starts to watch. Connections that are open already count as well. */
	begin(): void {
		this.#figures.begin();
		this.#stop = this.#links.observe(this.#findings);
	}

	/** To be called before a fault is applied, and after the last one has been lifted. */
	setFaultActive(isActive: boolean): void {
		this.#figures.setFaultActive(isActive);
		this.#findings.onDrillFault(performance.now(), isActive);
	}

	end(): void {
		this.#stop();
		this.#figures.end();
	}

	/** Undefined if the application has had no connection. */
	report(): WireReport | undefined {
		return this.#figures.report();
	}

	/** Problems of the application, except for those that the drill's own traffic makes. */
	findings(): readonly Finding[] {
		const found = this.#findings.findings(performance.now(), this.#printKey);
		return found.filter(({id}) => !ofTheDrillItself.has(id));
	}
}
