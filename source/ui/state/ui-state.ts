import type {FindingId} from '../../engine/protocol.js';
import type {CommandCall} from '../../engine/specs/command-calls.js';
import type {ConnectionSummary} from '../../engine/target/connection.js';
import type {GlyphSet} from '../../text/glyph-set.js';
import type {Line} from '../input/line-editor.js';
import type {RecallingLine} from '../input/recalling-line.js';
import type {ThemeName} from '../theme.js';
import {type FaultsState, initialFaults} from './faults/faults-state.js';
import type {OutageChoices} from './faults/outage-menu.js';
import {initialKeys, type KeysState} from './keys/keys-state.js';
import type {ViewName, WindowName} from './names.js';
import {initialLog, type LogState} from './views/log-state.js';
import type {PanelId} from './views/plans/overview-plan.js';
import {initialServer, type ServerState} from './views/server-state.js';

/** The last command, as the footer shows it. */
export type ReplyState =
	| {readonly kind: 'none'}
	| {readonly kind: 'waiting'; readonly call: CommandCall}
	/** Shown until the next keystroke, and for some seconds at most. `at`: Unix time in milliseconds. */
	| {readonly kind: 'answered'; readonly ok: boolean; readonly text: string; readonly at: number};

export type PaletteState = RecallingLine & {
	readonly kind: 'palette';
	/** Index of the selected completion; -1: none, and Enter runs the line as typed. */
	readonly selected: number;
	/** Completions from the engine, with the question that they answer. */
	readonly live: {readonly question: string; readonly items: readonly string[]};
	/** The reason why the line cannot run. */
	readonly error: string | undefined;
	/** The line that the engine is running. */
	readonly running: string | undefined;
};

/** The pane in which commands of Redis are typed and their replies scroll, as in redis-cli. */
export type RedisPane = RecallingLine & {
	readonly kind: 'redis';
	/** The first line shown; a number beyond the last one shows the end. */
	readonly top: number;
	/** The reason why the line cannot be sent. */
	readonly error: string | undefined;
};

/** Where an edited value goes: through the cache with its TTL and tags, or to Redis if it is still `before`. */
type EditTarget =
	| {
			readonly via: 'cache';
			readonly name: string;
			readonly before: string;
			readonly ttlMs: number;
			readonly tags: readonly string[];
	  }
	| {readonly via: 'redis'; readonly before: string};

/** A value in one line, being changed. */
export type EditState = {
	readonly kind: 'edit';
	readonly key: string;
	readonly line: Line;
	/** Side effects of the change, in words. */
	readonly about: string;
	readonly target: EditTarget;
};

/** The list of connections. */
export type ConnectionsState = {
	readonly kind: 'connections';
	readonly items: readonly ConnectionSummary[];
	readonly selected: number;
};

/** Asks for a word to be typed before a call is made. */
export type ConfirmState = {
	readonly kind: 'confirm';
	readonly title: string;
	readonly call: CommandCall;
	readonly word: string;
	/** Describes the effect of the call. Lines that start with a blank are names. */
	readonly about: readonly string[];
	readonly line: Line;
	/** The text that was confirmed although it is not the word; undefined before that. */
	readonly refused?: string;
};

/** A panel of the overview, or another view. */
export type ExplainSubject = {readonly panel: PanelId} | {readonly view: Exclude<ViewName, 'overview'>};

/** The box in front of the view that gets the keystrokes. `top`: the first line shown. */
export type Dialog =
	| {readonly kind: 'none'}
	| PaletteState
	| RedisPane
	| EditState
	| ConfirmState
	| ConnectionsState
	| {readonly kind: 'help'; readonly line: Line; readonly top: number}
	| ({readonly kind: 'outage-menu'; readonly selected: number} & OutageChoices)
	| {readonly kind: 'explain'; readonly subject: ExplainSubject; readonly top: number}
	/** A reply of several lines, or an event in full. */
	| {readonly kind: 'text'; readonly title: string; readonly lines: readonly string[]; readonly top: number};

export type UiState = {
	readonly view: ViewName;
	readonly dialog: Dialog;
	readonly window: WindowName;
	readonly theme: ThemeName;
	readonly glyphs: GlyphSet;
	readonly isPaused: boolean;
	/** The focused panel of the overview; undefined before Tab was pressed. */
	readonly focus: PanelId | undefined;
	/** The panel that fills the screen. */
	readonly enlarged: PanelId | undefined;
	readonly reply: ReplyState;
	/** Lines that were run, oldest first, bounded. */
	readonly history: readonly string[];
	/** Commands that were sent to Redis, with their replies, oldest first, bounded. */
	readonly printed: readonly string[];
	readonly keys: KeysState;
	/** `selected`: index of a lane, checkout or waiter; of a connection of an application. */
	readonly pool: {readonly selected: number};
	readonly server: ServerState;
	readonly faults: FaultsState;
	readonly log: LogState;
	/** `selected`: undefined is the first, the most serious. */
	readonly findings: {readonly selected: FindingId | undefined};
};

export function initialState(theme: ThemeName, glyphs: GlyphSet, history: readonly string[] = []): UiState {
	return {
		view: 'overview',
		dialog: {kind: 'none'},
		window: '1m',
		theme,
		glyphs,
		isPaused: false,
		focus: undefined,
		enlarged: undefined,
		reply: {kind: 'none'},
		history,
		printed: [],
		keys: initialKeys,
		pool: {selected: 0},
		server: initialServer,
		faults: initialFaults,
		log: initialLog,
		findings: {selected: undefined},
	};
}

export const closeDialog = (state: UiState): UiState => ({...state, dialog: {kind: 'none'}});

/** Shows an answer in the footer. */
export function withAnswer(state: UiState, ok: boolean, text: string, at: number): UiState {
	return {...state, reply: {kind: 'answered', ok, text, at}};
}
