import {useCallback} from 'react';
import type {TapSnapshot} from '../../../engine/protocol.js';
import {formatShortCount} from '../../../text/number.js';
import {printable} from '../../../text/printable.js';
import {Panel} from '../../components/panel.js';
import {type Draw, Raster} from '../../components/raster.js';
import {useApplication} from '../../hooks/use-application.js';
import {padEnd, padStart, type Row, span} from '../../text/row.js';
import type {PanelEntry, PanelProps} from '../panel.js';
import {useWhyNoTraffic} from './why-no-traffic.js';

const countWidth = 6;

/** Errors by their code, then commands and connections that ended without one. */
function errorRows({errors, commands, connections}: TapSnapshot, width: number): Row[] {
	const codes = Object.entries(errors);
	const row = (name: string, count: number): Row => [
		span(padEnd(printable(name), Math.max(1, width - countWidth)), count > 0 ? 'bad' : 'dim'),
		span(padStart(formatShortCount(count), countWidth), count > 0 ? 'text' : 'dim'),
	];
	const dimRow = (name: string, count: number): Row => row(name, count).map(({text}) => span(text, 'dim'));
	return [
		...(codes.length === 0 ? [[span('no error replies', 'good')]] : codes.map(([code, count]) => row(code, count))),
		row('without a reply', commands.lost),
		...(connections.refusedLogins > 0 ? [row('refused logins', connections.refusedLogins)] : []),
		...(connections.reset > 0 ? [row('connections reset', connections.reset)] : []),
		...(commands.redirects > 0 ? [dimRow('redirects', commands.redirects)] : []),
		...(commands.harmlessErrors > 0 ? [dimRow('harmless greetings', commands.harmlessErrors)] : []),
	];
}

function ErrorsPanel({isFocused}: PanelProps) {
	const application = useApplication();
	const empty = useWhyNoTraffic();
	const draw: Draw = useCallback(
		({width}) => (application && empty === undefined ? errorRows(application, width) : [[span(empty ?? '', 'dim')]]),
		[application, empty],
	);
	return (
		<Panel title={wireErrors.title} isFocused={isFocused}>
			<Raster draw={draw} />
		</Panel>
	);
}

export const wireErrors: PanelEntry = {
	title: 'Errors',
	component: ErrorsPanel,
	explain: {
		shows:
			'Error replies to the application by their first word, commands that got no reply because their connection closed, refused logins and connections that were reset.',
		source: 'Replies through the tap since its start, including errors caused by faults of this program.',
		normal:
			'None. NOSCRIPT once for each script is harmless. Redirects of a cluster (MOVED and ASK), and CLIENT SETINFO on a Redis before 7.2, which does not know it, are harmless, too, and counted separately. OOM: the server is full and refuses writes. WRONGTYPE: two parts of the application use one key for different things.',
	},
};
