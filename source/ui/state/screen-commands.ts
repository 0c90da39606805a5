import type {CommandCall} from '../../engine/protocol.js';
import {emptyLine} from '../input/line-editor.js';
import {windowNames} from '../panels/panel.js';
import {isThemeName, themeNames} from '../theme.js';
import {noEffects, type Step, withEffects} from './message.js';
import {type UiState, viewNames} from './ui-state.js';
import {enterView} from './views.js';

const refused = (state: UiState, call: CommandCall, message: string, at: number): Step =>
	noEffects({...state, reply: {kind: 'answered', call, reply: {ok: false, code: 'ERR_COMMAND', message}, at}});

export function togglePause(state: UiState): Step {
	const isPaused = !state.isPaused;
	return withEffects({...state, isPaused}, {type: 'pause', isPaused});
}

export function nextWindow(state: UiState): UiState {
	const index = windowNames.indexOf(state.window);
	return {...state, window: windowNames[(index + 1) % windowNames.length] ?? '1m'};
}

/** Commands that the screen itself carries out. */
export function runScreenCommand(state: UiState, call: CommandCall, now: number): Step {
	const [argument = ''] = call.args;
	switch (call.name) {
		case 'view': {
			const view = viewNames.find((name) => name === argument.toLowerCase());
			return view
				? enterView(state, view)
				: refused(state, call, `there is no view ${argument}: ${viewNames.join(', ')}`, now);
		}
		case 'window': {
			const window = windowNames.find((name) => name === argument.toLowerCase());
			return window
				? noEffects({...state, window})
				: refused(state, call, `a window is one of ${windowNames.join(', ')}`, now);
		}
		case 'theme':
			return isThemeName(argument)
				? noEffects({...state, theme: argument})
				: refused(state, call, `a theme is one of ${themeNames.join(', ')}`, now);
		case 'glyphs':
			return argument === 'unicode' || argument === 'ascii'
				? noEffects({...state, glyphs: argument})
				: refused(state, call, 'glyphs are unicode or ascii', now);
		case 'pause':
			return togglePause(state);
		case 'help':
			return noEffects({...state, overlay: {kind: 'help', line: emptyLine, top: 0}});
		case 'quit':
			return withEffects(state, {type: 'quit'});
		default:
			return refused(state, call, `${call.name} is not something this screen can do`, now);
	}
}
