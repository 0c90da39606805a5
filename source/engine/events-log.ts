import type {EngineEvent, EngineEventLevel, EngineEventTopic} from './protocol.js';

export type NewEvent = {
	readonly level: EngineEventLevel;
	readonly topic: EngineEventTopic;
	readonly text: string;
	/** Events with the same fold within a minute are one line with a count. Default: topic and text. */
	readonly fold?: string;
};

/** An event that goes on, such as an outage: one line that ends up with its duration. */
export type OpenEvent = {
	/** Replaces the text; the event keeps its place. */
	update(text: string, level?: EngineEventLevel | undefined): void;
};

export type EventsLogOptions = {
	/** Events kept. Default 1000. */
	readonly limit?: number;
	/** Events handed out at once. Default 200. */
	readonly batch?: number;
	/** Milliseconds since its last repetition in which an event is folded. Default 60,000. */
	readonly foldMs?: number;
};

/** The side of the log that things are told to. */
export type EventsWriter = Pick<EventsLog, 'add' | 'open'>;

/**
 * What happened, bounded in every direction: repeated events become one with a count, and only the newest are kept.
 * Events that are dropped before they were taken are gone; their ids show the gap.
 */
export class EventsLog {
	readonly #limit: number;
	readonly #batch: number;
	readonly #foldMs: number;
	readonly #events = new Map<number, EngineEvent>();
	/** Fold to id; only ids in `#events`. */
	readonly #folds = new Map<string, number>();
	readonly #foldOf = new Map<number, string>();
	/** Ids changed since they were last taken, in the order of their first change. */
	readonly #changed = new Set<number>();
	#nextId = 1;

	constructor(options: EventsLogOptions = {}) {
		this.#limit = options.limit ?? 1000;
		this.#batch = options.batch ?? 200;
		this.#foldMs = options.foldMs ?? 60_000;
	}

	add(event: NewEvent): OpenEvent {
		const now = Date.now();
		const fold = event.fold ?? `${event.topic} ${event.text}`;
		const foldedId = this.#folds.get(fold);
		const folded = foldedId === undefined ? undefined : this.#events.get(foldedId);
		const {level, topic, text} = event;
		if (folded && now - folded.lastAt <= this.#foldMs) {
			this.#put({...folded, level, text, count: folded.count + 1, lastAt: now});
			return this.#handle(folded.id);
		}
		const id = this.#nextId++;
		if (foldedId !== undefined) this.#foldOf.delete(foldedId);
		this.#folds.set(fold, id);
		this.#foldOf.set(id, fold);
		this.#put({id, at: now, level, topic, text, count: 1, lastAt: now});
		return this.#handle(id);
	}

	/** An event of its own, never folded, to be updated while it goes on. */
	open(event: Omit<NewEvent, 'fold'>): OpenEvent {
		return this.add({...event, fold: `open ${this.#nextId}`});
	}

	/** New and changed events since the last call, oldest first, at most one batch; the rest stays for the next call. */
	take(): readonly EngineEvent[] {
		const taken: EngineEvent[] = [];
		for (const id of this.#changed) {
			if (taken.length === this.#batch) break;
			this.#changed.delete(id);
			const event = this.#events.get(id);
			if (event) taken.push(event);
		}
		return taken;
	}

	/** All events kept, oldest first. */
	all(): readonly EngineEvent[] {
		return [...this.#events.values()];
	}

	#handle(id: number): OpenEvent {
		return {
			update: (text, level) => {
				const event = this.#events.get(id);
				if (event) this.#put({...event, text, level: level ?? event.level, lastAt: Date.now()});
			},
		};
	}

	#put(event: EngineEvent): void {
		this.#events.set(event.id, event);
		this.#changed.add(event.id);
		for (const id of this.#events.keys()) {
			if (this.#events.size <= this.#limit) break;
			this.#forget(id);
		}
	}

	#forget(id: number): void {
		this.#events.delete(id);
		this.#changed.delete(id);
		const fold = this.#foldOf.get(id);
		if (fold === undefined) return;
		this.#foldOf.delete(id);
		this.#folds.delete(fold);
	}
}
