import type {NodeReading} from '../info/read-node.js';
import type {Refusal} from '../info/refusals.js';
import type {InfoSections} from '../info/server-info.js';
import type {SlowCall} from '../info/slow-log.js';
import {changesBetween, nodeChanges, type ServerChange, surgeOf} from './changes.js';
import {FigureHistory} from './figure-history.js';
import {figuresBetween, type OwnShare, type ServerFigures} from './figures.js';
import {hitRatioOf, joinNodes} from './merge-figures.js';
import {type OwnCommands, shareOfOwn} from './own-commands.js';
import {type LastingProblem, noVerdict, type Verdict, VerdictTracker} from './verdict.js';

/** What a server does for applications, and what is the matter with it. */
export type ActivitySnapshot = {
	/** The last second; undefined before the second answer of the server. */
	readonly latest: ServerFigures | undefined;
	/** The last ten seconds. */
	readonly recent: ServerFigures | undefined;
	/** The masters of a cluster in the last second. Empty for a single server. */
	readonly nodes: readonly NodeFigures[];
	readonly verdict: Verdict;
	/** The latest changes, oldest first. The list is bounded. */
	readonly changes: readonly ServerChange[];
	/** Commands that this user may not call. What they would show is missing. */
	readonly refused: readonly Refusal[];
};

export type NodeFigures = {readonly address: string; readonly figures: ServerFigures};

export const noActivity: ActivitySnapshot = {
	latest: undefined,
	recent: undefined,
	nodes: [],
	verdict: noVerdict,
	changes: [],
	refused: [],
};

/** Everything that was found out about a server by one look. */
export type Look = {
	readonly readings: readonly NodeReading[];
	/** INFO of the server, or of a cluster as a whole. */
	readonly info: InfoSections;
	/** What this program has sent since the last look. */
	readonly own: OwnCommands;
	/** Connections of this program to each server. */
	readonly ownConnections: number;
	/** The newest slow commands of others. */
	readonly slow: readonly SlowCall[];
	readonly refused: readonly Refusal[];
};

/** What happens to a server, each once. */
export type ActivityEvents = {
	onChange(change: ServerChange): void;
	/** @returns a function that is called when the problem is over. */
	onProblem(problem: LastingProblem): () => void;
};

const recentMs = 10_000;
const minuteMs = 60_000;
const usualMs = 10 * minuteMs;

/** Milliseconds before now that do not count as usual: a drop has been noticed by then. */
const newMs = 30_000;

const changeLimit = 100;

/** Lookups that a usual hit ratio is taken from, at least. */
const usualLookups = 1000;

/** Turns readings of a server into figures over time, changes and a verdict. */
export class ServerActivity {
	readonly #events: ActivityEvents;
	readonly #history = new FigureHistory();
	readonly #tracker = new VerdictTracker();
	#readings: readonly NodeReading[] = [];
	#changes: readonly ServerChange[] = [];
	#nodes: readonly NodeFigures[] = [];
	#usualHitRatio: number | undefined;
	/** Lookups from the server's start to the first look. */
	#lookupsBefore: Lookups | undefined;
	#last: Look | undefined;
	#answeredAt: number | undefined;
	#isSurging = false;
	#snapshot = noActivity;
	/** For each problem that lasts, what to call when it is over. */
	readonly #ends = new Map<LastingProblem['id'], () => void>();

	constructor(events: ActivityEvents) {
		this.#events = events;
	}

	get snapshot(): ActivitySnapshot {
		return this.#snapshot;
	}

	/**
	 * Adds the answers of the server. `judge` comes next.
	 *
	 * @param now Unix time in milliseconds.
	 */
	add(look: Look, now: number): void {
		const isFirst = this.#readings.length === 0;
		const earlier = new Map(this.#readings.map((reading) => [reading.address, reading]));
		const own: OwnShare = {
			commands: shareOfOwn(look.own, Math.max(1, look.readings.length)),
			connections: look.ownConnections,
			pingMs: undefined,
		};
		const figures = look.readings.flatMap((reading) => {
			const before = earlier.get(reading.address);
			const found = before && figuresBetween(before.counters, reading.counters, {...own, pingMs: reading.pingMs});
			return found ? [{address: reading.address ?? '', figures: found}] : [];
		});
		const [first, ...others] = figures.map((node) => node.figures);
		// Sums over some of the nodes would look like a change.
		if (first && figures.length === look.readings.length) this.#history.add(others.reduce(joinNodes, first));
		this.#nodes = look.readings.length > 1 ? figures : [];
		if (!isFirst) this.#noteChanges(look.readings, earlier, now);
		this.#readings = look.readings;
		this.#last = look;
		if (look.readings.length > 0) this.#answeredAt = now;
		this.#noteUsual(now);
	}

	/**
	 * Judges the state of the server, also while it does not answer.
	 *
	 * @param now Unix time in milliseconds.
	 */
	judge(now: number): void {
		const recent = this.#history.between(now - recentMs, now);
		const {info = {}, slow = [], refused = []} = this.#last ?? {};
		const slowest = slow
			.filter(({at}) => at > now - minuteMs)
			.reduce<SlowCall | undefined>((most, call) => (most && most.ms >= call.ms ? most : call), undefined);
		const mute = refused.find(({command}) => command === 'INFO');
		const restartedAt = this.#changes.findLast(({kind}) => kind === 'restart')?.at;
		const verdict = this.#tracker.judge(
			{
				silentMs: this.#answeredAt === undefined ? undefined : now - this.#answeredAt,
				recent,
				usualHitRatio: this.#usualHitRatio,
				info,
				slowest,
				restartedMs: restartedAt === undefined ? undefined : now - restartedAt,
			},
			now,
		);
		this.#snapshot = {
			latest: this.#history.latest,
			recent,
			nodes: this.#nodes,
			// Without INFO it would be measuring for ever.
			verdict: mute && verdict.level === 'unknown' ? {...verdict, summary: muteWords(mute)} : verdict,
			changes: this.#changes,
			refused,
		};
		this.#tellProblems(this.#snapshot.verdict.problems);
	}

	#tellProblems(problems: readonly LastingProblem[]): void {
		for (const problem of problems)
			if (!this.#ends.has(problem.id)) this.#ends.set(problem.id, this.#events.onProblem(problem));
		for (const [id, end] of this.#ends) {
			if (problems.some((problem) => problem.id === id)) continue;
			this.#ends.delete(id);
			end();
		}
	}

	#noteChanges(
		readings: readonly NodeReading[],
		earlier: ReadonlyMap<string | undefined, NodeReading>,
		now: number,
	): void {
		const note = (change: Omit<ServerChange, 'at'>, address: string | undefined) => {
			const noted = {...change, at: now, text: address === undefined ? change.text : `${address}: ${change.text}`};
			this.#changes = [...this.#changes, noted].slice(-changeLimit);
			this.#events.onChange(noted);
		};
		for (const reading of readings) {
			const before = earlier.get(reading.address);
			for (const change of before ? changesBetween(before, reading) : []) note(change, reading.address);
		}
		const addresses = (list: readonly NodeReading[]) => list.flatMap(({address}) => address ?? []);
		for (const change of nodeChanges(addresses([...earlier.values()]), addresses(readings))) note(change, undefined);
		this.#noteSurge(now, (change) => note(change, undefined));
	}

	/** One change for each surge: it is over when as many clients are usual, or they are gone. */
	#noteSurge(now: number, note: (change: Omit<ServerChange, 'at'>) => void): void {
		const clients = this.#history.latest?.clients;
		const before = this.#history.spans(now - minuteMs - recentMs, now - recentMs);
		if (clients === undefined || before.length === 0) return;
		const usual = before.reduce((sum, span) => sum + span.clients, 0) / before.length;
		const change = surgeOf(Math.round(usual), clients);
		if (change && !this.#isSurging) note(change);
		this.#isSurging = change !== undefined;
	}

	/** What is usual does not change while the hit ratio is below it. */
	#noteUsual(now: number): void {
		if (this.#tracker.has('hit-ratio')) return;
		const before = lookupsOf(this.#history.spans(now - usualMs, now - newMs));
		this.#lookupsBefore ??= lookupsOf(this.#readings.map(({counters}) => counters));
		const usual = before.hits + before.misses >= usualLookups ? before : this.#lookupsBefore;
		this.#usualHitRatio = usual.hits + usual.misses >= usualLookups ? hitRatioOf(usual) : undefined;
	}
}

const muteWords = ({reason, command}: Refusal) =>
	`${reason}: ${command}, without which nothing is known of this server`;

type Lookups = {readonly hits: number; readonly misses: number};

const lookupsOf = (list: readonly Lookups[]): Lookups => ({
	hits: list.reduce((sum, {hits}) => sum + hits, 0),
	misses: list.reduce((sum, {misses}) => sum + misses, 0),
});
