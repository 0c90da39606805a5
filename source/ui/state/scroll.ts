import type {KeystrokeName} from '../input/keystroke.js';
import type {Scope} from './scopes.js';

/** The scopes whose keystrokes move through a list or a text. */
export const scrollScopes = [
	'key-list',
	'key-tree',
	'key-value',
	'pool',
	'server',
	'fault-list',
	'drill-list',
	'log',
	'findings',
	'outage-menu',
	'connections',
	'help',
	'text',
	'redis',
	'explain',
] as const satisfies readonly Scope[];

export type ScrollScope = (typeof scrollScopes)[number];

export const isScrollScope = (scope: Scope): scope is ScrollScope => (scrollScopes as readonly Scope[]).includes(scope);

/** The size of a list or a text as last drawn by its component. Reducers use it, and compute no geometry themselves. */
export type Viewport = {
	/** Rows shown at once: the distance of a page. */
	readonly rows: number;
	/** Total number of rows. */
	readonly lines: number;
};

/** The viewport of each scope. Several lists and texts are on the screen at once, and each scrolls by its own size. */
export type Viewports = Readonly<Record<ScrollScope, Viewport>>;

/** A viewport for every scope. */
export const allViewports = (viewport: Viewport): Viewports =>
	Object.fromEntries(scrollScopes.map((scope) => [scope, viewport])) as Record<ScrollScope, Viewport>;

/** A step of a selection or of a text, by the keystroke that makes it. */
export type Motion = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last';

const motions: Readonly<Partial<Record<KeystrokeName, Motion>>> = {
	up: 'up',
	k: 'up',
	down: 'down',
	j: 'down',
	pageup: 'page-up',
	'ctrl+b': 'page-up',
	pagedown: 'page-down',
	'ctrl+f': 'page-down',
	home: 'first',
	g: 'first',
	end: 'last',
	G: 'last',
};

/** The keystrokes that move a selection. */
export const motionKeystrokes = Object.keys(motions) as [KeystrokeName, ...KeystrokeName[]];

export const motionOf = (name: KeystrokeName | undefined): Motion | undefined =>
	name === undefined ? undefined : motions[name];

function moved(motion: Motion, at: number, page: number): number {
	switch (motion) {
		case 'up':
			return at - 1;
		case 'down':
			return at + 1;
		case 'page-up':
			return at - Math.max(1, page);
		case 'page-down':
			return at + Math.max(1, page);
		case 'first':
			return 0;
		case 'last':
			return Number.POSITIVE_INFINITY;
	}
}

const clamp = (value: number, last: number) => Math.min(Math.max(0, last), Math.max(0, value));

/** Moves the selection in a list of `count` items. */
export function moveSelection(motion: Motion, selected: number, count: number, {rows}: Viewport): number {
	return clamp(moved(motion, selected, rows), count - 1);
}

/** Moves the first visible line of a text. The last row may be a note about further lines, so a page is one row less. */
export function scrollText(motion: Motion, top: number, {rows, lines}: Viewport): number {
	return clamp(moved(motion, clamp(top, lines - rows), rows - 1), lines - rows);
}

/** The first row to show so that the selected one is visible, as close to `top` as possible. */
export function topFor(selected: number, top: number, count: number, rows: number): number {
	const wanted = selected < top ? selected : selected >= top + rows ? selected - rows + 1 : top;
	return clamp(wanted, count - rows);
}
