import type {EngineEvent, EngineEventLevel, EngineEventTopic} from '../protocol.js';

type NewEvent = {
	readonly level: EngineEventLevel;
	readonly topic: EngineEventTopic;
	readonly text: string;
	/** Events with the same `fold` within a minute are combined into one line with a count. Default: topic and text. */
	readonly fold?: string;
};

/** An event that lasts, such as an outage. Its line is updated while it does. */
export type OpenEvent = {
	/** Replaces the text; the event keeps its place. */
	update(text: string, level?: EngineEventLevel | undefined): void;
};

type EventsLogOptions = {
	/** Most events that are kept. Default 1000. */
	readonly limit?: number;
	/** Most events that one `take` returns. Default 200. */
	readonly batch?: number;
	/** Milliseconds after its last repetition for which an event is still combined with the next one. Default 60,000. */
	readonly foldMs?: number;
};

/** The writing side of the log. */
export type EventsWriter = Pick<EventsLog, 'add' | 'open'>;

/** A log that drops everything. */
export const silentLog: EventsWriter = {
	add: () => ({update() {}}),
	open: () => ({update() {}}),
};

/** The log of a session: for writing, and for reading earlier events. */
export type SessionLog = EventsWriter & Pick<EventsLog, 'all'>;

/**
 * A bounded log: repeated events are combined into one with a count, and only the newest events are kept. An event that is
 * dropped before it was taken is lost, which a gap in the ids shows.
 */
export class EventsLog {
	readonly #limit: number;
	readonly #batch: number;
	readonly #foldMs: number;
	readonly #events = new Map<number, EngineEvent>();
	/** Id by fold, for events that are kept. */
	readonly #folds = new Map<string, number>();
	readonly #foldOf = new Map<number, string>();
	/** Ids of events that changed since they were taken, in the order of their first change. */
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

	/** Adds an event that is never folded, and is updated while it lasts. */
	open(event: Omit<NewEvent, 'fold'>): OpenEvent {
		return this.add({...event, fold: `open ${this.#nextId}`});
	}

	/**
	 * Events that are new or changed since the last call, oldest first, at most one batch. The rest stays for the next
	 * call.
	 */
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
