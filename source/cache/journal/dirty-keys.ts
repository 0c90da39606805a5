import {InvalidArgumentError, OverloadError} from '../../pool/errors.js';
import {localNow} from '../clock/local-now.js';
import type {ServerClocks} from '../clock/server-clocks.js';
import type {KeyParser} from '../keys/key-parser.js';
import type {Namespace} from '../keys/namespace.js';
import type {DirtyKind, NamespaceNames, Noted} from './dirty-change.js';
import {Journal} from './journal.js';
import {JournalDirectory} from './store/journal-directory.js';
import {JournalFile} from './store/journal-file.js';
import type {JournalRecord} from './store/journal-record.js';

/** Without a path or a directory, the journal is in memory only. */
export type JournalSettings = {
	readonly maxKeys: number;
	readonly path: string | undefined;
	readonly directory: string | undefined;
};

export type DirtyKeysParts = {
	readonly clocks: ServerClocks;
	readonly parser: KeyParser;
	readonly journal: JournalSettings;
	/** Prefix of the keys. */
	readonly prefix: string;
	readonly deadlineMs: number;
	/** True for a key whose node is out of use, while other nodes of the cluster are in use. */
	readonly isOfLostNode: (redisKey: string) => boolean;
	/** True if the entries of a namespace may be on other servers than its markers (in a cluster). */
	readonly areMarkersApart: boolean;
	/** If false, no key is ever dirty. Only in tests. */
	readonly isEnabled: boolean;
	/** Called when a change is to be reconciled, which is possible from local time `finalAt` on. */
	readonly onDirty: (finalAt: number) => void;
	/**
	 * Called when a change of a process that has died was adopted: an entry in memory may be older. Not called for changes that
	 * are adopted at the start.
	 */
	readonly onAdopted: (kind: DirtyKind, name: string) => void;
	/** Called when the journal was full, so that a whole namespace is invalidated. */
	readonly onOverflow: () => void;
	readonly onError: (error: Error) => void;
};

/**
 * Records changes that may not have reached Redis in the journal. Their keys are *dirty*: never read from Redis until they are
 * reconciled.
 */
export class DirtyKeys {
	readonly journal: Journal;
	/** Set if other processes keep their journals in the same folder. */
	readonly directory: JournalDirectory | undefined;
	readonly #parts: DirtyKeysParts;
	/** Local time at which the data of a server were last found replaced. */
	#replacedAt = Number.NEGATIVE_INFINITY;
	#isStarting = true;

	/** @throws {InvalidArgumentError} the journal's file cannot be opened. */
	constructor(parts: DirtyKeysParts) {
		this.#parts = parts;
		const {maxKeys, path, directory} = parts.journal;
		const file = path === undefined ? undefined : new JournalFile(path);
		this.directory =
			directory === undefined
				? undefined
				: new JournalDirectory({directory, prefix: parts.prefix, onAdopt: (records) => this.#adopt(records)});
		this.journal = new Journal(maxKeys, {
			store: file ?? this.directory,
			onStoreFailure: (error) => this.#onFileFailure(error),
			lostNodes: {
				includes: parts.isOfLostNode,
				generationKeyOf: (redisKey) => parts.parser.namesOf(redisKey).generationKey,
			},
		});
		if (file !== undefined) this.#takeOver(file.records);
		this.directory?.adopt();
		this.#isStarting = false;
	}

	/** True if the key's state in Redis is unknown: it must be reconciled before it is read. */
	has(namespace: Namespace, redisKey: string): boolean {
		const {journal} = this;
		return (
			journal.size > 0 &&
			this.#parts.isEnabled &&
			(journal.hasKey(redisKey) ||
				journal.hasMarker(namespace.generationKey) ||
				journal.isFolded(namespace.generationKey, redisKey))
		);
	}

	/**
	 * Server time in µs up to which entries that Redis has under a key may be older than a dirty invalidation of their namespace; 0 if
	 * there is none.
	 */
	invalidatedUntil({generationKey}: Namespace, redisKey: string): number {
		if (this.journal.size === 0 || !this.#parts.isEnabled) return 0;
		let until = 0;
		// A server's clock may be further ahead than was assumed when the change was recorded.
		for (const {asOf, finalAt} of this.journal.invalidationsOf(generationKey, redisKey))
			until = Math.max(until, asOf, this.#parts.clocks.latestEver(redisKey, finalAt));
		return until;
	}

	/** @param finalAt Local time from which the change can no longer take effect in Redis. */
	noteKey(redisKey: string, finalAt: number, names: NamespaceNames = this.#parts.parser.namesOf(redisKey)): void {
		this.#note(redisKey, finalAt, (asOf) => this.journal.addKey(redisKey, names, {asOf, finalAt}));
	}

	/** Like `noteKey`, for a changed marker. */
	noteMarker(markerKey: string, finalAt: number): void {
		const names = this.#parts.parser.namesOf(markerKey);
		this.#note(markerKey, finalAt, (asOf) => this.journal.addMarker(markerKey, names, {asOf, finalAt}));
	}

	/**
	 * Like `noteMarker`, for a change that Redis may have executed and lost. In a cluster, an invalidation of a tag then clears its
	 * namespace: entries on other nodes may have been stamped with the count that the repeated one would get again.
	 */
	noteLostMarker(markerKey: string, finalAt: number): void {
		const {parser, areMarkersApart} = this.#parts;
		this.noteMarker(areMarkersApart ? parser.namesOf(markerKey).generationKey : markerKey, finalAt);
	}

	/**
	 * Like `noteMarker`, for a change that was sent at `sentAt`, and whose server has left use since. A check of its successor that is
	 * yet to come finds the change in the journal; one that is over did not.
	 */
	noteInterruptedMarker(markerKey: string, sentAt: number, finalAt: number): void {
		if (this.#replacedAt >= sentAt) this.noteLostMarker(markerKey, finalAt);
		else this.noteMarker(markerKey, finalAt);
	}

	/**
	 * The data of a server were replaced, by older ones or others: its predecessor may have executed invalidations that are in doubt,
	 * and they are lost.
	 *
	 * @param isIncluded True for a name of that server.
	 */
	dataReplaced(isIncluded: (name: string) => boolean): void {
		const {parser, areMarkersApart} = this.#parts;
		if (!areMarkersApart) return;
		this.#replacedAt = localNow();
		for (const name of this.journal.names(isIncluded))
			if (parser.isMarkerKey(name)) this.noteLostMarker(name, localNow());
	}

	/**
	 * Redis is out of use, and queued commands were rejected: only commands that were already sent can still take effect.
	 *
	 * @param isIncluded True for the names to which this applies. Default: all.
	 */
	finalWithin(ms: number, isIncluded: (name: string) => boolean = () => true): void {
		const finalAt = localNow() + ms;
		this.journal.finalBy(finalAt, (name) => this.#parts.clocks.latestEver(name, finalAt), isIncluded);
	}

	#note(name: string, finalAt: number, add: (asOf: number) => Noted): void {
		const {clocks, isEnabled, onDirty, onOverflow, onError} = this.#parts;
		if (!isEnabled) return;
		const noted = add(clocks.latestEver(name, Math.max(localNow(), finalAt)));
		if (noted !== 'overflowed') onDirty(finalAt);
		if (noted === 'noted') return;
		const when = noted === 'folded' ? ' once the nodes of the cluster that are out of use are back' : '';
		onError(
			new OverloadError(
				`the journal is full (${this.journal.limit} keys): a whole namespace will be invalidated${when}; raise journal.maxKeys`,
			),
		);
		if (noted === 'overflowed') onOverflow();
	}

	/** Adopts the changes of a process that has died, while this cache is running. */
	#adopt(records: readonly JournalRecord[]): void {
		this.#takeOver(records);
		if (this.#isStarting) return;
		for (const {kind, name} of records) this.#parts.onAdopted(kind, name);
		if (records.length > 0) this.#parts.onDirty(localNow() + this.#parts.deadlineMs);
	}

	/** Takes over the changes that an earlier process left in the file, at the start. */
	#takeOver(records: readonly JournalRecord[]): void {
		// The clock of the earlier process may have been ahead of this one's.
		const latest = localNow() + this.#parts.deadlineMs;
		for (const {kind, name, change} of records) {
			const limited = {...change, finalAt: Math.min(change.finalAt, latest)};
			const names = this.#parts.parser.namesOf(name);
			if (kind === 'marker') this.journal.addMarker(name, names, limited);
			else this.journal.addKey(name, names, limited);
		}
	}

	#onFileFailure(error: Error): void {
		this.#parts.onError(
			new InvalidArgumentError(
				`the journal file cannot be written (${error.message.split('\n')[0]}): dirty keys are kept in memory only; free some disk space`,
				{cause: error},
			),
		);
	}
}
