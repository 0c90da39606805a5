import type {CommandCount} from '../snapshot.js';
import type {CommandEvent} from '../traffic.js';
import {isHarmlessError} from './harmless-errors.js';
import {LatencyHistogram} from './latency-histogram.js';

/** Limit of names that are counted separately. Further ones are counted together. */
const maxNames = 200;

const others = '(OTHERS)';

type Counts = {count: number; errors: number; readonly latency: LatencyHistogram};

/** Counts commands by their name, with their latencies. */
export class CommandCounts {
	total = 0;
	errors = 0;
	/** Errors that are in no other count of errors. */
	harmlessErrors = 0;
	redirects = 0;
	lost = 0;
	readonly latency = new LatencyHistogram();
	readonly #byName = new Map<string, Counts>();
	/** The command that was counted last: often several of a kind follow each other. */
	#lastCommand: string | undefined;
	#last: Counts = {count: 0, errors: 0, latency: this.latency};
	readonly #errors = new Map<string, number>();

	count(event: CommandEvent): void {
		const counts = this.#countsOf(event.command);
		this.total++;
		counts.count++;
		if (event.result === 'lost') this.lost++;
		else if (event.result === 'redirected') this.redirects++;
		if (event.error !== undefined && isHarmlessError(event)) this.harmlessErrors++;
		else if (event.error !== undefined) {
			this.errors++;
			counts.errors++;
			this.#countError(event.error);
		}
		if (event.repliedAt === undefined || event.isBlocking) return;
		const ms = event.repliedAt - event.sentAt;
		counts.latency.record(ms);
		this.latency.record(ms);
	}

	/** The most frequent commands first. */
	list(): readonly CommandCount[] {
		return [...this.#byName]
			.map(([name, {count, errors, latency}]) => ({
				name,
				count,
				errors,
				p50Ms: latency.quantile(0.5),
				p99Ms: latency.quantile(0.99),
			}))
			.sort((one, other) => other.count - one.count);
	}

	/** Number of errors by their code. */
	errorCodes(): Readonly<Record<string, number>> {
		return Object.fromEntries([...this.#errors].sort(([, one], [, other]) => other - one));
	}

	#countsOf(command: string): Counts {
		if (command !== this.#lastCommand) {
			this.#last = this.#byName.get(command) ?? this.#add(command);
			this.#lastCommand = command;
		}
		return this.#last;
	}

	#add(command: string): Counts {
		const name = this.#byName.size < maxNames ? command : others;
		const known = this.#byName.get(name);
		if (known !== undefined) return known;
		const counts = {count: 0, errors: 0, latency: new LatencyHistogram()};
		this.#byName.set(name, counts);
		return counts;
	}

	#countError(code: string): void {
		const name = this.#errors.has(code) || this.#errors.size < maxNames ? code : others;
		this.#errors.set(name, (this.#errors.get(name) ?? 0) + 1);
	}
}
