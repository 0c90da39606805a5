import type {FaultInfo} from '../../faults/catalogue.js';
import type {ActiveFault} from '../../faults/fault.js';
import {age, duration} from '../format.js';
import {argumentsOf, type FaultField, fieldsOf, problemOf, settingOf} from '../state/fault-settings.js';
import type {FaultSettings} from '../state/faults-state.js';
import {topFor} from '../state/move.js';
import {refusalOf} from '../state/outage-menu.js';
import {printable} from '../text/printable.js';
import {padEnd, type Row, span} from '../text/row.js';
import {wrapWords} from '../text/wrap.js';
import {cursorLine, type ViewInput} from './view.js';

const kindWidth = 12;
const wordWidth = 12;

/** How much longer it lasts or, where nobody knows, how long it has lasted. */
function timeOf({since, until}: ActiveFault, now: number, isDrill: boolean): string {
	if (until !== undefined) return `${duration(until - now + 999)} left`;
	return `for ${age(now - since)}, until ${isDrill ? 'the drill lifts it' : 'healed'}`;
}

/** One fault of the catalogue: what it is in real life or, while it is in force, with what and for how long. */
export function faultRow(info: FaultInfo, input: ViewInput, width: number): Row {
	const {snapshot} = input.state;
	const [first, ...others] = snapshot?.faults.filter(({fault}) => fault.kind === info.kind) ?? [];
	const refusal = refusalOf(info, input.context);
	const wordsWidth = Math.max(1, width - kindWidth - 4);
	if (first === undefined) {
		return [
			span('  '),
			span(padEnd(info.kind, kindWidth), refusal ? 'dim' : 'strong'),
			span(padEnd(refusal ?? info.summary, wordsWidth), 'dim'),
		];
	}
	const more = others.length === 0 ? '' : `, and ${others.length} more`;
	const words = `${first.label}: ${timeOf(first, snapshot?.at ?? 0, snapshot?.drill?.state === 'running')}${more}`;
	return [
		span(`${input.glyphs.modes.fallback} `, 'bad'),
		span(padEnd(info.kind, kindWidth), 'bad'),
		span(padEnd(words, wordsWidth), 'bad'),
	];
}

function fieldRow(field: FaultField, index: number, settings: FaultSettings, input: ViewInput): Row {
	const {editing} = input.ui.faults;
	const value = settingOf(field, settings);
	const isHere = editing?.index === index;
	const name = span(padEnd(field.word, wordWidth), isHere ? 'strong' : 'dim');
	const mark = span(isHere ? `${input.glyphs.pointer} ` : '  ', 'focus');
	if (editing && isHere && !field.choices) return [mark, name, ...cursorLine(editing.line, input.glyphs)];
	const shown = value === '' ? 'until healed' : printable(value);
	const isSet = value !== field.usual;
	const choices = isHere && field.choices ? [span(`   ${field.choices.join(' | ')}`, 'dim')] : [];
	return [mark, name, span(shown, isHere ? 'selected' : isSet ? 'accent' : 'text'), ...choices];
}

function hintOf(info: FaultInfo, input: ViewInput): string {
	const arrows = input.glyphs.name === 'unicode' ? {next: '↑↓', choose: '←→'} : {next: 'Tab', choose: 'Space'};
	if (input.ui.faults.editing) return `${arrows.next} next, ${arrows.choose} choose, Enter starts, Esc back`;
	const isInForce = input.state.snapshot?.faults.some(({fault}) => fault.kind === info.kind) ?? false;
	const again = isInForce ? 'u lifts it, Enter starts one more' : 'Enter starts it';
	return fieldsOf(info).length === 0 ? again : `${again}, e sets its parameters`;
}

/** The selected fault: what it is, how it is set, and what would be run. Where there is no room for all, what is being set is seen. */
export function faultDetails(info: FaultInfo | undefined, input: ViewInput, width: number, height: number): Row[] {
	if (!info) return [];
	const settings = input.ui.faults.settings[info.kind] ?? {};
	const problem = problemOf(info, settings);
	const command: Row[] =
		problem === undefined
			? [[span('outage ', 'dim'), span(printable(argumentsOf(info, settings).join(' ')), 'accent')]]
			: wrapWords(printable(problem), width).map((line): Row => [span(line, 'bad')]);
	const about: Row[] = [[], ...wrapWords(info.summary, width).map((line): Row => [span(line)])];
	const fields = fieldsOf(info).map((field, index) => fieldRow(field, index, settings, input));
	const foot: Row[] = [...command, [span(hintOf(info, input), 'dim')]];
	const {editing} = input.ui.faults;
	if (!editing || about.length + fields.length + foot.length <= height) return [...about, ...fields, ...foot];
	const room = Math.max(1, height - foot.length);
	const top = topFor(editing.index, 0, fields.length, room);
	return [...fields.slice(top, top + room), ...foot];
}
