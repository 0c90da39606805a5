import {unixNow} from '../../time/real-time.js';
import type {LoadEvent} from '../api/cache-events.js';
import type {SlowLoad} from './messages.js';

const limit = 20;
const keptMs = 600_000;

/** The slowest loads of the last ten minutes, with at most one for each key: its slowest. */
export class SlowLoads {
	/** Slowest first. */
	#loads: readonly SlowLoad[] = [];

	add({namespace, key, durationMs, outcome}: LoadEvent): void {
		const kept = this.list();
		const fastest = kept.length < limit ? undefined : kept.at(-1);
		if (fastest !== undefined && fastest.ms >= durationMs) return;
		const own = kept.find((other) => other.key === key && other.namespace === namespace);
		if (own !== undefined && own.ms >= durationMs) return;
		const load: SlowLoad = {namespace, key, ms: durationMs, at: unixNow(), outcome};
		this.#loads = [...kept.filter((other) => other !== own), load].sort((a, b) => b.ms - a.ms).slice(0, limit);
	}

	list(): readonly SlowLoad[] {
		const oldest = unixNow() - keptMs;
		if (this.#loads.some(({at}) => at < oldest)) this.#loads = this.#loads.filter(({at}) => at >= oldest);
		return this.#loads;
	}
}
