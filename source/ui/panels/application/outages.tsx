import {isDeepStrictEqual} from 'node:util';
import {useCallback} from 'react';
import {formatElapsed} from '../../../text/duration.js';
import {formatCountOf} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {formatTimeOfDay} from '../../../text/time-of-day.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useEngine} from '../../hooks/use-screen.js';
import {type OutageReaction, outageReactions} from '../../store/outage-reactions.js';
import {padEnd, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';

/** Milliseconds that a command waits from which on it is worth a word. */
const longWaitMs = 1000;

const labelWidth = 14;

/** What the application did in an outage, the most important first. */
function reactionParts({lost, reconnects, longestWaitMs, answeredAfterMs, isOver}: OutageReaction): Row {
	const recovered =
		answeredAfterMs === undefined
			? isOver
				? span('no commands since its end', 'warn')
				: undefined
			: span(
					answeredAfterMs < 1000 ? 'answers at once after it' : `answers after ${formatElapsed(answeredAfterMs)}`,
					'good',
				);
	const parts = [
		lost > 0 ? span(`${formatCountOf(lost, 'command')} lost`, 'bad') : undefined,
		reconnects > 0 ? span(formatCountOf(reconnects, 'reconnect'), 'warn') : undefined,
		longestWaitMs >= longWaitMs ? span(`waited up to ${formatElapsed(longestWaitMs)}`, 'warn') : undefined,
		recovered,
	].filter((part) => part !== undefined);
	return parts.flatMap((part, index) => (index === 0 ? [part] : [span(', '), part]));
}

function reactionRow(reaction: OutageReaction, now: number): Row {
	const {label, from, to} = reaction;
	return [
		span(`${formatTimeOfDay(from)} `, 'dim'),
		span(`${padEnd(printable(label), labelWidth)} `, to === undefined ? 'bad' : 'text'),
		span(`${formatElapsed((to ?? now) - from).padStart(6)}  `, to === undefined ? 'bad' : 'dim'),
		...reactionParts(reaction),
	];
}

function OutagesPanel({isFocused}: PanelProps) {
	const reactions = useEngine(outageReactions, isDeepStrictEqual);
	const now = useEngine(({endSecond = 0}) => (endSecond + 1) * 1000);
	const draw: Draw = useCallback(
		({height}) =>
			reactions.length === 0
				? [[span('none yet: press o to break the connections of the application', 'dim')]]
				: reactions.slice(0, height).map((reaction) => reactionRow(reaction, now)),
		[reactions, now],
	);
	return (
		<Panel title={outages.title} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const outages: PanelEntry = {
	title: 'Outages',
	component: OutagesPanel,
	explain: {
		shows:
			'The faults that were done to the connections of the application, newest first, and what it did: commands that got no reply, connections that it opened anew, the command that waited longest, and how long after the end of the fault commands were answered again.',
		source:
			'The faults of this program, and what passed the tap from their beginning until ten seconds after their end, to the second.',
		normal:
			'Some commands are lost or fail quickly, a few reconnects with pauses between them, and answers again within a second or two. Commands that wait as long as the fault lasts have no time limit.',
	},
};
