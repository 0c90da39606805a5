import {formatTimeOfDay} from '../../../text/time-of-day.js';
import {type Problem, problemsOf, type ServerState, summaryOf} from './verdict-rules.js';

/** A problem, with the time at which it was first seen. */
export type LastingProblem = Problem & {
	/** Unix time in milliseconds. */
	readonly since: number;
	/** True if it existed at the first reading of the server: it began before that. */
	readonly isOlder: boolean;
};

/** The problems of a server, or, if there are none, its main figures. */
export type Verdict = {
	/** The level of the worst problem; `unknown` before anything was measured. */
	readonly level: 'unknown' | 'fine' | 'warn' | 'bad';
	/** The worst problems first. */
	readonly problems: readonly LastingProblem[];
	/** The main figures in words, for a server without problems, or the reason why there are none. */
	readonly summary: string;
};

export const noVerdict: Verdict = {level: 'unknown', problems: [], summary: ''};

/** Milliseconds for which a problem is kept after it was last seen, so that an intermittent one keeps its start time. */
const holdMs = 10_000;

/**
 * Problems that are shown only while they last, such as a node that does not answer. All others are rates, which fluctuate, and
 * are shown a little longer.
 */
const states: ReadonlySet<Problem['id']> = new Set([
	'silent',
	'nodes-missing',
	'cluster-down',
	'loading',
	'replica-cut-off',
]);

/** The end of a problem that is no longer shown. @param now Unix time in milliseconds. */
export const endOf = (id: Problem['id'], now: number): number => (states.has(id) ? now : now - holdMs);

/** A problem seen within this time after the first poll, in milliseconds, counts as older. */
const firstLookMs = 5000;

type Tracked = LastingProblem & {readonly seenAt: number};

/** Tracks the problems of one server with their start times. */
export class VerdictTracker {
	readonly #tracked = new Map<Problem['id'], Tracked>();
	#startedAt: number | undefined;

	/** @param now Unix time in milliseconds. */
	judge(state: ServerState, now: number): Verdict {
		this.#startedAt ??= now;
		for (const problem of problemsOf(state)) {
			const before = this.#tracked.get(problem.id);
			const isOlder = now - this.#startedAt <= firstLookMs;
			// A silence becomes a problem only after a while, but it began earlier.
			const beganAt = problem.id === 'silent' ? now - (state.silentMs ?? 0) : now;
			this.#tracked.set(problem.id, {
				isOlder: before?.isOlder ?? isOlder,
				since: before?.since ?? beganAt,
				...problem,
				seenAt: now,
			});
		}
		for (const [id, {seenAt}] of this.#tracked) if (now - seenAt > holdMs) this.#tracked.delete(id);
		const problems = [...this.#tracked.values()]
			.filter(({id, seenAt}) => seenAt === now || !states.has(id))
			.sort((a, b) => Number(b.level === 'bad') - Number(a.level === 'bad') || a.since - b.since)
			.map(({seenAt: _, ...problem}) => problem);
		const summary = summaryOf(state);
		const level = problems[0]?.level ?? (summary === undefined ? 'unknown' : 'fine');
		return {level, problems, summary: summary ?? ''};
	}

	/** True if the server has this problem now. */
	has(id: Problem['id']): boolean {
		return this.#tracked.has(id);
	}
}

/** Maximum time between the starts of two problems of one incident, in milliseconds. */
const incidentMs = 180_000;

/**
 * The problems grouped by incident, beginning with that of the worst problem, so that a new problem is not given the start time
 * of an old one.
 */
function incidentsOf({problems}: Verdict): readonly (readonly LastingProblem[])[] {
	const incidents: LastingProblem[][] = [];
	for (const problem of problems) {
		const incident = incidents.find(
			([first]) => first?.isOlder === problem.isOlder && Math.abs(first.since - problem.since) < incidentMs,
		);
		if (incident) incident.push(problem);
		else incidents.push([problem]);
	}
	return incidents;
}

/** The problems that a sentence names: while a server does not answer, all others are unknown. */
function toldOf(verdict: Verdict): Verdict {
	const silence = verdict.problems.filter(({id}) => id === 'silent');
	return silence.length > 0 ? {...verdict, problems: silence} : verdict;
}

function incidentWords(problems: readonly LastingProblem[]): string {
	const earliest = problems.reduce((a, b) => (b.since < a.since ? b : a));
	// Hours and minutes are enough in an alert.
	const since = `since ${earliest.isOlder ? 'before ' : ''}${formatTimeOfDay(earliest.since).slice(0, 5)}`;
	return `${since}: ${problems.map(({text}) => text).join(', ')}`;
}

/** The verdict in one sentence: `since 02:47: hit ratio 92 → 61 %, evicting 400/s`. */
export function verdictSentence(verdict: Verdict): string {
	switch (verdict.level) {
		case 'unknown':
			return verdict.summary === '' ? 'measuring' : verdict.summary;
		case 'fine':
			return `nothing is the matter: ${verdict.summary}`;
		default:
			return incidentsOf(toldOf(verdict)).map(incidentWords).join('; ');
	}
}
