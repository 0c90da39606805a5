import {formatElapsed} from '../../../text/duration.js';
import {formatBytes, formatCountOf, formatShortCount} from '../../../text/number.js';
import {printKey} from '../../escape-bytes.js';
import type {ScanPace} from '../../keys/scan-pace.js';
import {type Sender, textOf} from '../../sender.js';
import {type ReportRow, title} from '../reports/report.js';
import {SizeScan} from './size-scan.js';

/** Duration of one search in milliseconds. Its results are kept, and the next search continues where it ended. */
const searchMs = 60_000;

/** The biggest keys of a server among those visited so far. */
export class BiggestKeys {
	readonly #sender: Sender;
	readonly #pace: ScanPace;
	#scan: SizeScan;
	#stop: AbortController | undefined;
	#types: ReadonlyMap<string, string> = new Map();
	#failure: string | undefined;

	constructor(sender: Sender, pace: ScanPace) {
		this.#sender = sender;
		this.#pace = pace;
		this.#scan = new SizeScan(sender, pace);
	}

	get isSearching(): boolean {
		return this.#stop !== undefined;
	}

	/** Starts a search, or continues one that has not visited all keys. Resolves when it has ended, and never rejects. */
	async search(): Promise<void> {
		if (this.#stop) return;
		if (this.#scan.isOver) this.#scan = new SizeScan(this.#sender, this.#pace);
		const stop = new AbortController();
		const timer = setTimeout(() => stop.abort(), searchMs).unref();
		this.#stop = stop;
		this.#failure = undefined;
		try {
			await this.#scan.run(stop.signal);
			await this.#askTypes();
		} catch (error) {
			this.#failure = error instanceof Error ? error.message : String(error);
		} finally {
			clearTimeout(timer);
			this.#stop = undefined;
		}
	}

	stop(): void {
		this.#stop?.abort();
	}

	/** @param keys Number of keys of the server, if known. */
	rows(keys: number | undefined): readonly ReportRow[] {
		return [
			title(`Biggest keys: ${this.#state(keys)}`),
			...this.#scan.top.map(
				({key, bytes}): ReportRow => ({
					cells: [this.#types.get(key.toString('latin1')) ?? '', formatBytes(bytes), printKey(key)],
					level: 'plain',
					id: key.toString('latin1'),
				}),
			),
		];
	}

	#state(keys: number | undefined): string {
		const {visited, total, isOver} = this.#scan;
		const rate = this.#pace.keysPerSecond;
		const ofTotal = total === undefined ? '' : ` of ${formatShortCount(total)}`;
		if (this.#failure !== undefined) return `the search failed: ${this.#failure}`;
		if (this.isSearching) return `searching, ${formatShortCount(visited)}${ofTotal} keys visited; b stops`;
		if (isOver) return `of all ${formatCountOf(visited, 'key')}; b searches again`;
		if (visited > 0) return `of ${formatShortCount(visited)}${ofTotal} keys; b searches on`;
		const time = keys === undefined ? '' : `, ${formatElapsed(Math.max(1000, (keys / rate) * 1000))}`;
		return `b searches, at ${formatShortCount(rate)} keys/s${time}`;
	}

	/** Reads the types of the biggest keys. Unlike the scan, this causes some lookups. */
	async #askTypes(): Promise<void> {
		const types = this.#scan.top.map(async ({key}) => {
			const type = textOf(await this.#sender.send('TYPE', [key]));
			return [key.toString('latin1'), type] as const;
		});
		this.#types = new Map(await Promise.all(types));
	}
}
