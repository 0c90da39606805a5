import type {Glyphs} from '../glyphs.js';
import type {StoreState} from '../store.js';
import type {Row} from '../text/row.js';

export type WindowName = '1m' | '15m' | '2h';

export const windows: Readonly<Record<WindowName, {readonly seconds: number; readonly label: string}>> = {
	'1m': {seconds: 60, label: '1 min'},
	'15m': {seconds: 900, label: '15 min'},
	'2h': {seconds: 7200, label: '2 h'},
};

export const windowNames = ['1m', '15m', '2h'] as const satisfies readonly WindowName[];

/** What a panel draws from. */
export type PanelInput = {
	readonly state: StoreState;
	readonly window: WindowName;
	readonly glyphs: Glyphs;
};

export type PanelDrawing = {
	readonly rows: readonly Row[];
	/** To the right of the title: the newest figures. The first that fits is shown. */
	readonly notes?: readonly Row[];
};

/** What `i` says. */
export type Explanation = {
	readonly shows: string;
	/** Where the numbers come from. */
	readonly source: string;
	readonly normal: string;
};

/** One panel: a pure function from the state to rows, and the words that explain it. */
export type Panel = {
	readonly id: string;
	readonly title: string;
	/** For places without columns to spare. */
	readonly shortTitle?: string;
	readonly explain: Explanation;
	readonly draw: (input: PanelInput, width: number, height: number) => PanelDrawing;
};
