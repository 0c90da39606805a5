import {glyphSets} from '../../text/glyph-set.js';
import type {KeystrokeName} from '../input/keystroke.js';
import {emptyLine} from '../input/line-editor.js';
import {type Context, noEffects, type Step, withEffects} from '../state/command.js';
import {type ViewName, viewNames, type WindowName, windowNames} from '../state/names.js';
import {openPalette} from '../state/palette/palette.js';
import {type UiState, withAnswer} from '../state/ui-state.js';
import {enterView} from '../state/views/enter-view.js';
import {themeNames} from '../theme.js';
import {keystrokeCommand, screenCommand} from './define.js';

/** Finds a typed word among the choices of an argument, or lists the choices. */
function choose<Choice extends string>(
	state: UiState,
	{now}: Context,
	what: string,
	choices: readonly Choice[],
	word: string | undefined,
	then: (choice: Choice) => Step,
): Step {
	const choice = choices.find((each) => each === word?.toLowerCase());
	if (choice !== undefined) return then(choice);
	return noEffects(withAnswer(state, false, `there is no ${what} ${word}; there are ${choices.join(', ')}`, now));
}

const choiceArgument = (name: string, choices: readonly string[]) => ({name, kind: 'choice', choices}) as const;

export const quit = screenCommand({
	name: 'quit',
	aliases: ['exit'],
	summary: 'Quit',
	shortcuts: [
		{
			in: ['everywhere', 'too-small'],
			keystrokes: ['q', 'ctrl+c'],
			label: 'quit',
			help: 'Quit; so does Ctrl-C',
			footer: 40,
		},
		{in: 'fault-settings', keystrokes: ['ctrl+c'], label: 'quit', help: 'Quit, while a parameter is set'},
		{
			in: 'filter',
			keystrokes: ['ctrl+c'],
			label: 'quit',
			help: 'Quit, while a filter is typed; a dialog is closed by it',
		},
	],
	run: (state) => withEffects(state, {type: 'quit'}),
});

export const suspend = keystrokeCommand({
	name: 'suspend',
	summary: 'Return to the shell; its command fg comes back',
	shortcuts: [{in: 'always', keystrokes: ['ctrl+z'], label: 'suspend'}],
	press: (state) => withEffects(state, {type: 'suspend'}),
});

export const redraw = keystrokeCommand({
	name: 'redraw',
	summary: 'Redraw the whole screen',
	shortcuts: [{in: 'always', keystrokes: ['ctrl+l'], label: 'redraw'}],
	press: (state) => withEffects(state, {type: 'redraw'}),
});

export const pause = screenCommand({
	name: 'pause',
	summary: 'Freeze the screen, or continue; measuring continues',
	shortcuts: [{in: 'everywhere', keystrokes: ['p'], label: 'pause', footer: 60}],
	run(state) {
		const isPaused = !state.isPaused;
		return withEffects({...state, isPaused}, {type: 'pause', isPaused});
	},
});

export const help = screenCommand({
	name: 'help',
	summary: 'Show keys and commands; type to search them',
	shortcuts: [{in: 'everywhere', keystrokes: ['?'], label: 'help', footer: 30}],
	run: (state) => noEffects({...state, dialog: {kind: 'help', line: emptyLine, top: 0}}),
});

export const palette = keystrokeCommand({
	name: 'palette',
	summary: 'Open the command palette',
	shortcuts: [
		{in: 'everywhere', keystrokes: [':'], label: 'command', footer: 20},
		{in: 'text', keystrokes: [':'], label: 'command', footer: 30},
	],
	press: (state) => noEffects(openPalette(state, '')),
});

export const outageMenu = keystrokeCommand({
	name: 'outage-menu',
	summary: 'Break the connection to Redis, or heal it',
	shortcuts: [
		{in: 'everywhere', keystrokes: ['o'], label: 'outage', sources: ['cache', 'server', 'application'], footer: 10},
	],
	press: (state) => noEffects({...state, dialog: {kind: 'outage-menu', selected: 0, lasting: 0, node: ''}}),
});

const digitOf = {
	overview: '1',
	keys: '2',
	pool: '3',
	server: '4',
	faults: '5',
	log: '6',
	findings: '7',
} as const satisfies Readonly<Record<ViewName, KeystrokeName>>;

export const view = screenCommand({
	name: 'view',
	summary: 'Go to a view; so do the digits 1 to 7',
	args: [choiceArgument('view', viewNames)],
	shortcuts: [
		{
			in: 'everywhere',
			keystrokes: Object.values(digitOf) as [KeystrokeName, ...KeystrokeName[]],
			shown: '1-7',
			label: 'views',
			help: 'Go to Overview, Keys, Pool, Server, Faults, Log or Findings',
			footer: 50,
		},
	],
	run(state, context, [word], keystroke) {
		const byDigit = viewNames.find((name) => digitOf[name] === keystroke);
		return choose(state, context, 'view', viewNames, byDigit ?? word, (name) =>
			enterView(state, name, context.snapshot?.source),
		);
	},
});

const nextWindow = ({window}: UiState): WindowName =>
	windowNames[(windowNames.indexOf(window) + 1) % windowNames.length] ?? '1m';

export const window = screenCommand({
	name: 'window',
	summary: 'Change the chart window: 1 min, 15 min, 2 h',
	args: [choiceArgument('window', windowNames)],
	shortcuts: [{in: 'everywhere', keystrokes: ['w'], label: 'window', footer: 80}],
	run: (state, context, [word], keystroke) =>
		choose(state, context, 'window', windowNames, keystroke === undefined ? word : nextWindow(state), (name) =>
			noEffects({...state, window: name}),
		),
});

export const theme = screenCommand({
	name: 'theme',
	summary: 'Change the colors',
	args: [choiceArgument('theme', themeNames)],
	run: (state, context, [word]) =>
		choose(state, context, 'theme', themeNames, word, (name) => noEffects({...state, theme: name})),
});

export const glyphs = screenCommand({
	name: 'glyphs',
	summary: 'Draw with Unicode characters, or with ASCII only',
	args: [choiceArgument('set', glyphSets)],
	run: (state, context, [word]) =>
		choose(state, context, 'set of glyphs', glyphSets, word, (name) => noEffects({...state, glyphs: name})),
});

export const explain = keystrokeCommand({
	name: 'explain',
	summary: 'Explain the focused panel or the view: what it shows, where the data comes from, what is normal',
	shortcuts: [{in: 'everywhere', keystrokes: ['i'], label: 'explain', footer: 100}],
	press(state, {panels}) {
		if (state.view !== 'overview')
			return noEffects({...state, dialog: {kind: 'explain', subject: {view: state.view}, top: 0}});
		const focus = state.focus ?? panels[0];
		if (focus === undefined) return noEffects(state);
		const panel = state.enlarged ?? focus;
		return noEffects({...state, focus, dialog: {kind: 'explain', subject: {panel}, top: 0}});
	},
});
