import type {Size} from './layout.js';
import {panelOf} from './panels/index.js';
import type {Explanation} from './panels/panel.js';
import {type ViewName, viewTitles} from './state/ui-state.js';
import {insideFrame} from './text/frame.js';
import {wrapWords} from './text/wrap.js';

/** What `i` says of a view that is no panel of the overview. */
const views: Readonly<Record<Exclude<ViewName, 'overview'>, Explanation>> = {
	keys: {
		shows:
			'The keys of the whole Redis, not only those of the cache: a page at a time with type, time to live and memory, or as a tree of what stands before each colon. The value of the open key, and for an entry of the cache its version, age and tags.',
		source:
			'SCAN, TYPE, PTTL and MEMORY USAGE, in short steps that never block the server. They go past the cache and its memory tier: this is what Redis has. Numbers with a ≈ are of the part that was looked at.',
		normal:
			'Entries of the cache begin with rct: and their namespace, and have a TTL. A key without one stays until something deletes it. The list is as old as its title says; r lists again.',
	},
	pool: {
		shows:
			'Every lane: one connection that many calls share, first in, first out. Commands in flight are sent and not answered; the bar is how full its queue is. Then the checkouts, connections lent to one borrower at a time, and who waits for one.',
		source:
			'The pool, at the moment of the snapshot. Rates are of the last second, p50 and p99 of the last ten; bytes, missed deadlines and reconnects count from the start.',
		normal:
			'All lanes ready, few commands in flight, nobody waiting. A lane that waits lost its connection and pauses before it tries again. Lanes that are always full ask for more of them: + adds one, - takes one away.',
	},
	server: {
		shows: 'What the server says of itself, all of INFO, with words for the fields that matter most.',
		source:
			'INFO, asked every few seconds over a connection of its own. While Redis is away, the last answer, with its age.',
		normal:
			'Used memory below maxmemory, no evictions, no blocked clients, and fragmentation under 1.5. A maxmemory of 0 means no limit at all.',
	},
	faults: {
		shows:
			'What can be broken, in words of real life, and what is broken now; the drills, and the time line of the drill that runs or ran last, with what it expects.',
		source:
			'The faults happen in a proxy between this program and Redis, so no other client is touched; those of the server itself are only done to a server that this program started.',
		normal: 'No fault in force. A drill passes when every expectation held.',
	},
	log: {
		shows:
			'Everything that happened, newest last. What repeats is one line with a count and how long it went on; Enter shows a line in full.',
		source:
			'The engine: mode changes, faults, the pool, the journal, commands, the server. The last 2,000 lines are kept.',
		normal: 'Quiet. An outage is one line that ends up with its duration.',
	},
};

/** How large an explanation may be: columns of its box, rows inside of it. */
export function explanationSize(screen: Size): Size {
	return {columns: Math.min(screen.columns, 78), rows: screen.rows - 2};
}

/** What a panel or a view shows, as lines that fit; titles begin at the edge, words two cells from it. */
export function explanation(
	subject: string,
	screen: Size,
): {readonly title: string; readonly lines: readonly string[]} {
	const panel = panelOf(subject);
	const view = Object.keys(views).find((name): name is keyof typeof views => name === subject);
	const words = panel?.explain ?? (view && views[view]);
	if (!words) return {title: subject, lines: []};
	const width = insideFrame(explanationSize(screen).columns, 0).width - 2;
	const part = (title: string, text: string) => [title, ...wrapWords(text, width).map((line) => `  ${line}`), ' '];
	return {
		title: panel?.title ?? (view ? viewTitles[view] : subject),
		lines: [
			...part('What it shows', words.shows),
			...part('Where it comes from', words.source),
			...part('What is normal', words.normal),
		].slice(0, -1),
	};
}
