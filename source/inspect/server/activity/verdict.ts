import {formatTimeOfDay} from '../../../text/time-of-day.js';
import {type Problem, problemsOf, type ServerState, summaryOf} from './verdict-rules.js';

/** A problem with the time since when it was seen. */
export type LastingProblem = Problem & {
	/** Unix time in milliseconds. */
	readonly since: number;
	/** True if it existed at the first reading of the server, so that it began earlier. */
	readonly isOlder: boolean;
};

/** The problems of a server; without any, its main figures. */
export type Verdict = {
	/** The level of the worst problem; `unknown` before anything was measured. */
	readonly level: 'unknown' | 'fine' | 'warn' | 'bad';
	/** The worst come first. */
	readonly problems: readonly LastingProblem[];
	/** The main figures in words, for a server without a problem; or why there are none. */
	readonly summary: string;
};

export const noVerdict: Verdict = {level: 'unknown', problems: [], summary: ''};

/** Milliseconds that a problem stays after it was seen last, so that one which comes and goes keeps its time. */
const holdMs = 10_000;

/**
 * Problems that are shown only while they last, such as a node that does not answer. All others are rates over seconds,
 * which fluctuate, and are shown a while longer.
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

/** Milliseconds after the first look in which a problem counts as older. */
const firstLookMs = 5000;

type Tracked = LastingProblem & {readonly seenAt: number};

/** Follows the state of one server, and remembers since when each problem lasts. */
export class VerdictTracker {
	readonly #tracked = new Map<Problem['id'], Tracked>();
	#startedAt: number | undefined;

	/** @param now Unix time in milliseconds. */
	judge(state: ServerState, now: number): Verdict {
		this.#startedAt ??= now;
		for (const problem of problemsOf(state)) {
			const before = this.#tracked.get(problem.id);
			const isOlder = now - this.#startedAt <= firstLookMs;
			// A silence is a problem only when it has lasted for a while.
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

	/** True while a problem lasts. */
	has(id: Problem['id']): boolean {
		return this.#tracked.has(id);
	}
}

/** Milliseconds between the beginnings of problems that count as one incident. */
const incidentMs = 180_000;

/** The problems by incident, that of the worst problem first. An old worry does not give its time to what is new. */
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

/** While a server does not answer, its other problems are unknown. */
function toldOf(verdict: Verdict): Verdict {
	const silence = verdict.problems.filter(({id}) => id === 'silent');
	return silence.length > 0 ? {...verdict, problems: silence} : verdict;
}

function incidentWords(problems: readonly LastingProblem[]): string {
	const earliest = problems.reduce((a, b) => (b.since < a.since ? b : a));
	// Seconds are left out: they are of no interest in an alert.
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
