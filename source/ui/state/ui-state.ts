import type {CommandCall, CommandReply} from '../../engine/protocol.js';
import type {GlyphsName} from '../glyphs.js';
import {emptyLine, type Line} from '../input/line-editor.js';
import type {WindowName} from '../panels/panel.js';
import type {ThemeName} from '../theme.js';
import {type FaultsState, initialFaults} from './faults-state.js';
import {initialKeys, type KeysState} from './keys-state.js';
import {initialLog, type LogState} from './log-state.js';

export const viewNames = ['overview', 'keys', 'pool', 'server', 'faults', 'log'] as const;
export type ViewName = (typeof viewNames)[number];

export const viewTitles: Readonly<Record<ViewName, string>> = {
	overview: 'Overview',
	keys: 'Keys',
	pool: 'Pool',
	server: 'Server',
	faults: 'Faults',
	log: 'Log',
};

/** What the command line at the bottom shows about the last command. */
export type ReplyState =
	| {readonly kind: 'none'}
	| {readonly kind: 'waiting'; readonly call: CommandCall}
	/** `at`: Unix time in milliseconds; after a while the footer shows keys again. */
	| {readonly kind: 'answered'; readonly call: CommandCall; readonly reply: CommandReply; readonly at: number};

export type PaletteState = {
	readonly kind: 'palette';
	readonly line: Line;
	/** Index into the candidates; -1: none is chosen, Enter runs what was typed. */
	readonly selected: number;
	/** Where in the history the line came from; -1: it is being typed. */
	readonly recalled: number;
	/** What was being typed before the history was walked. */
	readonly draft: Line;
	/** Completions from live data, and for which question they are the answer. */
	readonly live: {readonly question: string; readonly items: readonly string[]};
	/** Why the line cannot be run. */
	readonly error: string | undefined;
	/** The line that the engine is working on. */
	readonly running: string | undefined;
};

/** What lies over the view, and gets the keys first. */
export type Overlay =
	| {readonly kind: 'none'}
	| PaletteState
	| {readonly kind: 'help'; readonly line: Line; readonly top: number}
	| {readonly kind: 'outage'; readonly selected: number; readonly lasting: number}
	/** Of a panel or, by its name, of a view. */
	| {readonly kind: 'explain'; readonly subject: string; readonly top: number}
	| {readonly kind: 'reply'; readonly call: CommandCall; readonly lines: readonly string[]; readonly top: number}
	/** A value in one line, to be changed; `words` are what comes before and after it in the call. */
	| {
			readonly kind: 'edit';
			readonly key: string;
			readonly line: Line;
			readonly name: string;
			readonly before: readonly string[];
			readonly after: readonly string[];
			/** What the change does besides, in words. */
			readonly about: string;
	  }
	/** Wants `word` typed before the calls are made. */
	| {
			readonly kind: 'confirm';
			readonly title: string;
			readonly calls: readonly CommandCall[];
			readonly word: string;
			readonly about: readonly string[];
			readonly line: Line;
	  };

/** A list with a selected row and the first row that is shown. */
export type ListState = {readonly selected: number; readonly top: number};

export const listStart: ListState = {selected: 0, top: 0};

export type ServerViewState = {readonly list: ListState; readonly filter: Line; readonly isFiltering: boolean};

export type UiState = {
	readonly view: ViewName;
	readonly overlay: Overlay;
	readonly window: WindowName;
	readonly theme: ThemeName;
	readonly glyphs: GlyphsName;
	readonly isPaused: boolean;
	/** The panel that has the focus on the overview; undefined before Tab was pressed. */
	readonly focus: string | undefined;
	/** The panel that fills the screen. */
	readonly enlarged: string | undefined;
	readonly reply: ReplyState;
	/** Lines that were run, oldest first, bounded. */
	readonly history: readonly string[];
	readonly keys: KeysState;
	readonly pool: ListState;
	readonly server: ServerViewState;
	readonly faults: FaultsState;
	readonly log: LogState;
};

export function initialState(theme: ThemeName, glyphs: GlyphsName): UiState {
	return {
		view: 'overview',
		overlay: {kind: 'none'},
		window: '1m',
		theme,
		glyphs,
		isPaused: false,
		focus: undefined,
		enlarged: undefined,
		reply: {kind: 'none'},
		history: [],
		keys: initialKeys,
		pool: listStart,
		server: {list: listStart, filter: emptyLine, isFiltering: false},
		faults: initialFaults,
		log: initialLog,
	};
}

/** Whether letters are text now, not keys. */
export function isTyping(state: UiState): boolean {
	if (state.view === 'keys') return state.keys.isFiltering;
	if (state.view === 'server') return state.server.isFiltering;
	if (state.view === 'faults') return state.faults.editing !== undefined;
	return state.view === 'log' && state.log.isFiltering;
}
