import {emptyLine, textOf} from '../../input/line-editor.js';
import {noEffects, type Step} from '../../state/command.js';
import {type Filter, isEmpty, noFilter} from '../../state/filter.js';
import {loadKeys} from '../../state/keys/load-keys.js';
import {closeKey} from '../../state/keys/open-key.js';
import {withKeys, withLog, withServer} from '../../state/slices.js';
import type {UiState} from '../../state/ui-state.js';
import {keyCommand} from '../define.js';

const typing: Filter = {line: emptyLine, isTyping: true};

export const typeFilter = keyCommand({
	name: 'filter',
	summary: 'Filter what is listed',
	shortcuts: [
		{
			in: 'keys',
			keys: ['/'],
			label: 'filter',
			help: 'Load only keys that match a pattern such as user:*, or contain a word',
			footer: 50,
		},
		{in: 'server', keys: ['/'], label: 'filter', help: 'Show only fields that contain all words', footer: 50},
		{in: 'log', keys: ['/'], label: 'filter', help: 'Show only events that contain all words', footer: 50},
	],
	press(state) {
		const again = (filter: Filter): Filter => ({...filter, isTyping: true});
		if (state.view === 'keys')
			return noEffects(withKeys(closeKey(state), {filter: again(state.keys.filter), shape: 'list'}));
		if (state.view === 'server') return noEffects(withServer(state, {filter: again(state.server.filter)}));
		return noEffects(withLog(state, {filter: state.view === 'log' ? again(state.log.filter) : typing}));
	},
});

/** A typed filter as a glob: without wildcards it may stand anywhere in the name. */
function patternOf(filter: Filter): string {
	const text = textOf(filter.line).trim();
	if (text === '') return '*';
	return /[*?[\]]/.test(text) ? text : `*${text}*`;
}

export const keepFilter = keyCommand({
	name: 'keep-filter',
	summary: 'Apply the filter',
	shortcuts: [{in: 'filter', keys: ['enter'], label: 'apply', footer: 10}],
	press(state) {
		const kept = (filter: Filter): Filter => ({...filter, isTyping: false});
		switch (state.view) {
			case 'keys': {
				const {filter} = state.keys;
				const pattern = patternOf(filter);
				return loadKeys(withKeys(state, {filter: kept(filter), pattern, selected: 0, marked: new Set()}));
			}
			case 'server':
				return noEffects(withServer(state, {filter: kept(state.server.filter)}));
			default:
				return noEffects(withLog(state, {filter: kept(state.log.filter)}));
		}
	},
});

function withoutFilter(state: UiState): Step {
	switch (state.view) {
		case 'keys':
			return loadKeys(withKeys(state, {filter: noFilter, pattern: '*', selected: 0}));
		case 'server':
			return noEffects(withServer(state, {filter: noFilter, selected: 0}));
		default:
			return noEffects(withLog(state, {filter: noFilter}));
	}
}

export const dropFilter = keyCommand({
	name: 'drop-filter',
	summary: 'Remove the filter',
	shortcuts: [{in: 'filter', keys: ['esc'], label: 'remove', footer: 20}],
	press: withoutFilter,
});

export const goBack = keyCommand({
	name: 'go-back',
	summary: 'Undo the last step: remove marks, follow the log again, remove the filter',
	shortcuts: [
		{in: 'keys', keys: ['esc'], label: 'back', help: 'Remove the marks, then the filter'},
		{in: 'server', keys: ['esc'], label: 'back', help: 'Remove the filter'},
		{in: 'log', keys: ['esc'], label: 'back', help: 'Follow the newest events again, then remove the filter'},
	],
	press(state) {
		switch (state.view) {
			case 'keys':
				if (state.keys.marked.size > 0) return noEffects(withKeys(state, {marked: new Set()}));
				return state.keys.pattern === '*' ? noEffects(state) : withoutFilter(state);
			case 'log':
				if (state.log.selected !== undefined) return noEffects(withLog(state, {selected: undefined}));
				return isEmpty(state.log.filter) ? noEffects(state) : withoutFilter(state);
			default:
				return isEmpty(state.server.filter) ? noEffects(state) : withoutFilter(state);
		}
	},
});
