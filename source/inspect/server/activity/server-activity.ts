import {joinDashboards, type OtherDashboard} from '../clients/other-dashboards.js';
import type {InfoSections} from '../info/info-sections.js';
import type {MissingNode, NodeReading} from '../info/read-node.js';
import type {Refusal} from '../info/refusals.js';
import type {SlowCall} from '../info/slow-log.js';
import {ChangeWatch} from './change-watch.js';
import type {ServerChange} from './changes.js';
import {FigureHistory} from './figure-history.js';
import {figuresBetween, type ServerFigures} from './figures.js';
import {joinNodes} from './merge-figures.js';
import {type ErrorCounts, noErrorCounts, OwedErrors} from './own/owed-errors.js';
import {UsualHitRatio} from './usual-hit-ratio.js';
import {endOf, type LastingProblem, noVerdict, type Verdict, VerdictTracker} from './verdict.js';
import {isRefusedConnection, refusalIn} from './why-silent.js';

/** The activity of applications on a server, and its problems. */
export type ActivitySnapshot = {
	/** Figures of the last second; undefined before the second answer of the server, and while it is silent. */
	readonly latest: ServerFigures | undefined;
	/** Figures of the last ten seconds. */
	readonly recent: ServerFigures | undefined;
	/** Figures of the last second of each master of a cluster that answers. Empty for a single server. */
	readonly nodes: readonly NodeFigures[];
	/** The masters of a cluster that do not answer, and are missing in all figures. */
	readonly missing: readonly MissingNode[];
	readonly verdict: Verdict;
	/** The latest changes, oldest first. The list is bounded. */
	readonly changes: readonly ServerChange[];
	/** Commands that this Redis user has no right to. The figures that need them are missing. */
	readonly refused: readonly Refusal[];
	/**
	 * Other dashboards on the server. Their commands are included in the figures, except for administration commands.
	 */
	readonly dashboards: readonly OtherDashboard[];
};

export type NodeFigures = {readonly address: string; readonly figures: ServerFigures};

export const noActivity: ActivitySnapshot = {
	latest: undefined,
	recent: undefined,
	nodes: [],
	missing: [],
	verdict: noVerdict,
	changes: [],
	refused: [],
	dashboards: [],
};

/** The result of one poll of a server. */
export type ServerPoll = {
	readonly readings: readonly NodeReading[];
	/** Masters that have not answered. */
	readonly missing: readonly MissingNode[];
	/** INFO of the server, or of a cluster as a whole. */
	readonly info: InfoSections;
	/** Connections of this program to each server. */
	readonly ownConnections: number;
	/** Errors so far on connections of this program other than those for inspection. Default: none. */
	readonly ownErrors?: ErrorCounts;
	/** Other dashboards, by the address of a node. Default: none. */
	readonly dashboards?: ReadonlyMap<string | undefined, readonly OtherDashboard[]>;
	/** The newest slow commands of other programs. */
	readonly slow: readonly SlowCall[];
	readonly refused: readonly Refusal[];
	/**
	 * True while this program starts. Its own commands cannot be separated from those of applications then, so nothing is
	 * counted.
	 */
	readonly isStart?: boolean;
};

/** Callbacks for the changes and problems of a server, each called once. */
export type ActivityEvents = {
	onChange(change: ServerChange): void;
	/** @returns A function that is called when the problem is over, with the Unix time in milliseconds at which it ended. */
	onProblem(problem: LastingProblem): (endedAt: number) => void;
};

const recentMs = 10_000;
const minuteMs = 60_000;

/** Turns readings of a server into figures over time, changes and a verdict. */
export class ServerActivity {
	readonly #events: ActivityEvents;
	readonly #history = new FigureHistory();
	readonly #tracker = new VerdictTracker();
	readonly #owedErrors = new OwedErrors();
	readonly #usual = new UsualHitRatio(this.#history);
	readonly #changes: ChangeWatch;
	#readings: readonly NodeReading[] = [];
	#nodes: readonly NodeFigures[] = [];
	#last: ServerPoll | undefined;
	#answeredAt: number | undefined;
	#loginRefusal: string | undefined;
	#isRefused = false;
	#snapshot = noActivity;
	/** For each current problem, the function to call when it is over. */
	readonly #ends = new Map<LastingProblem['id'], (endedAt: number) => void>();

	constructor(events: ActivityEvents) {
		this.#events = events;
		this.#changes = new ChangeWatch(this.#history, (change) => events.onChange(change));
	}

	get snapshot(): ActivitySnapshot {
		return this.#snapshot;
	}

	/**
	 * Adds the result of a poll. Call `judge` after it.
	 *
	 * @param now Unix time in milliseconds.
	 */
	add(poll: ServerPoll, now: number): void {
		const earlier = new Map(this.#readings.map((reading) => [reading.address, reading]));
		const figures = poll.readings.flatMap((reading) => {
			const before = earlier.get(reading.address);
			const {counters, own: commands, pingMs} = reading;
			const others = (poll.dashboards?.get(reading.address) ?? []).reduce((sum, {connections}) => sum + connections, 0);
			const own = {commands, connections: poll.ownConnections + others, pingMs};
			const found = before && figuresBetween(before.counters, counters, own);
			return found ? [{address: reading.address ?? '', figures: found}] : [];
		});
		const [first, ...others] = figures.map((node) => node.figures);
		// A sum over only some of the nodes would look like a change.
		const isWhole = first && !poll.isStart && figures.length === poll.readings.length;
		const whole = isWhole ? others.reduce(joinNodes, first) : undefined;
		const ofOthers = this.#owedErrors.takeFrom(whole, poll.ownErrors ?? noErrorCounts);
		if (ofOthers) this.#history.add(ofOthers);
		this.#nodes = poll.readings.length + poll.missing.length > 1 ? figures : [];
		this.#changes.compare(poll, now);
		this.#readings = poll.readings;
		this.#last = poll;
		if (poll.readings.length > 0) this.#answeredAt = now;
		this.#loginRefusal = undefined;
		this.#isRefused = false;
		// The usual hit ratio stays unchanged while the current one is below it.
		if (!this.#tracker.has('hit-ratio')) this.#usual.note(poll.readings, now);
	}

	/** The poll has failed. @param error The reason. */
	fail(error: unknown): void {
		this.#loginRefusal = refusalIn(error);
		this.#isRefused = isRefusedConnection(error);
	}

	/**
	 * Evaluates the state of the server. Also called while it does not answer.
	 *
	 * @param now Unix time in milliseconds.
	 */
	judge(now: number): void {
		const recent = this.#history.between(now - recentMs, now);
		const {info = {}, slow = [], refused = [], missing = []} = this.#last ?? {};
		const slowest = slow
			.filter(({at}) => at > now - minuteMs)
			.reduce<SlowCall | undefined>((most, call) => (most && most.ms >= call.ms ? most : call), undefined);
		const mute = refused.find(({command}) => command === 'INFO');
		const restart = this.#changes.list.findLast(({kind}) => kind === 'restart');
		const silentMs = this.#answeredAt === undefined ? undefined : now - this.#answeredAt;
		const verdict = this.#tracker.judge(
			{
				silentMs,
				loginRefusal: this.#loginRefusal,
				isRefused: this.#isRefused,
				recent,
				nodes: this.#readings.flatMap(({address, info: own}) =>
					address === undefined
						? []
						: [{address, recent: this.#nodes.find((node) => node.address === address)?.figures, info: own}],
				),
				missing,
				usualHitRatio: this.#usual.ratio,
				info,
				slowest,
				restart: restart && {agoMs: now - restart.at, address: restart.address},
			},
			now,
		);
		this.#snapshot = {
			// Figures from before the silence are outdated.
			latest: verdict.problems.some(({id}) => id === 'silent') ? undefined : this.#history.latest,
			recent,
			nodes: this.#nodes,
			missing,
			// Without the right to INFO, the verdict would stay "measuring" for ever.
			verdict: mute && verdict.level === 'unknown' ? {...verdict, summary: muteWords(mute)} : verdict,
			changes: this.#changes.list,
			refused,
			dashboards: joinDashboards([...(this.#last?.dashboards?.values() ?? [])]),
		};
		this.#tellProblems(this.#snapshot.verdict.problems, now);
	}

	#tellProblems(problems: readonly LastingProblem[], now: number): void {
		for (const problem of problems)
			if (!this.#ends.has(problem.id)) this.#ends.set(problem.id, this.#events.onProblem(problem));
		for (const [id, end] of this.#ends) {
			if (problems.some((problem) => problem.id === id)) continue;
			this.#ends.delete(id);
			end(endOf(id, now));
		}
	}
}

const muteWords = ({reason, command}: Refusal) =>
	`${reason}: ${command}, without which nothing is known of this server`;
