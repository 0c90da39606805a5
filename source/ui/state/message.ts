import type {CommandSpec} from '../../engine/command-spec.js';
import type {CommandCall, CommandReply, EngineEvent, EngineSnapshot} from '../../engine/protocol.js';
import type {FaultInfo} from '../../faults/catalogue.js';
import type {ModeChange} from '../../metrics/snapshot.js';
import type {Keystroke} from '../input/keystroke.js';
import type {Size} from '../layout.js';
import type {UiState} from './ui-state.js';

/** Who asked for a command, and so who gets its reply. */
export type Purpose =
	| 'palette'
	| 'menu'
	| 'keys'
	| 'more-keys'
	| 'tree'
	| 'inspect'
	| 'edit'
	| 'changed'
	| 'count'
	| 'delete'
	| 'drills';

export type Message =
	| {readonly type: 'key'; readonly key: Keystroke}
	| {readonly type: 'paste'; readonly text: string}
	| {readonly type: 'reply'; readonly purpose: Purpose; readonly call: CommandCall; readonly reply: CommandReply}
	| {readonly type: 'completions'; readonly question: string; readonly items: readonly string[]};

/** What the state wants done outside of it. Nothing of it is awaited. */
export type Effect =
	| {readonly type: 'run'; readonly purpose: Purpose; readonly call: CommandCall}
	| {
			readonly type: 'complete';
			readonly question: string;
			readonly name: string;
			readonly index: number;
			readonly prefix: string;
	  }
	| {readonly type: 'pause'; readonly isPaused: boolean}
	| {readonly type: 'suspend'}
	| {readonly type: 'redraw'}
	| {readonly type: 'quit'};

/** What is known besides the state when a message arrives. */
export type Context = {
	readonly commands: readonly CommandSpec[];
	readonly catalogue: readonly FaultInfo[];
	readonly snapshot: EngineSnapshot | undefined;
	readonly log: readonly EngineEvent[];
	readonly modes: readonly ModeChange[];
	readonly size: Size;
	/** Unix time in milliseconds. */
	readonly now: number;
};

export type Step = {readonly state: UiState; readonly effects: readonly Effect[]};

export const noEffects = (state: UiState): Step => ({state, effects: []});

export const withEffects = (state: UiState, ...effects: readonly Effect[]): Step => ({state, effects});

export const closed = (state: UiState): UiState => ({...state, overlay: {kind: 'none'}});
