import type {ApplicationSnapshot} from '../../engine/protocol.js';
import {formatElapsed, formatLatency} from '../../text/duration.js';
import {formatCount, formatCountOf, formatPercent} from '../../text/number.js';
import {printable} from '../../text/printable.js';
import {applicationState, tapWords} from '../rows/application/application-state.js';
import {findingCounts, findingParts} from '../rows/application/finding-rows.js';
import {noFindingWords} from '../rows/application/no-findings.js';
import {outageLabel, reactionParts} from '../rows/application/outage-reaction.js';
import type {UiState} from '../state/ui-state.js';
import {findingsOf, selectedFinding} from '../state/views/findings-state.js';
import {hitRatioOfTraffic} from '../store/application-sample.js';
import type {StoreState} from '../store/store.js';
import {recent} from '../store/time-frame.js';

/** Connections that are read. */
const connectionLimit = 5;

const withPeriod = (text: string): string => (text.endsWith('.') ? text : `${text}.`);

/** The application behind the tap: where it connects to, its state, its main figures and the last outage. */
export function applicationLines(state: StoreState): readonly string[] {
	const application = state.snapshot?.application;
	if (!application) return ['Starting.'];
	const {listen, target, connections, commands, findings} = application;
	const lately = recent(state, 10)?.application;
	const counts = findingCounts(findings).map(({text}) => text.trim());
	const outage = state.applicationOutages.at(-1);
	return [
		`Tap on ${printable(listen)}, server ${printable(target)}.`,
		withPeriod(applicationState(state).text),
		`Hit ratio: ${formatPercent(lately && hitRatioOfTraffic(lately), 0)}. p99: ${formatLatency(lately?.p99Ms ?? undefined)}.`,
		`${formatCountOf(connections.open, 'connection')}, ${formatCount(connections.busy)} busy. ${formatCountOf(commands.total, 'command')}, ${formatCountOf(commands.errors, 'error')}.`,
		`Findings: ${counts.length > 0 ? counts.join(', ') : 'none'}.`,
		...(outage
			? [
					`Last outage: ${outageLabel(outage)}, ${reactionParts(outage)
						.map(({text}) => text)
						.join(', ')}.`,
				]
			: []),
	];
}

/** The connections of the application that wait longest. */
export function connectionLines(application: ApplicationSnapshot | undefined): readonly string[] {
	if (!application) return ['No data of the connections yet.'];
	const {connections, live} = application;
	if (connections.opened === 0) return [`No application has connected yet: point it at ${tapWords(application)}.`];
	return [
		`${formatCountOf(connections.open, 'connection')}, ${formatCount(connections.busy)} busy, peak ${formatCount(connections.peak)}.`,
		...live.connections.slice(0, connectionLimit).map(({connection, clientName, commands, oldest, longestMs}) => {
			const name = clientName === '' ? '' : ` ${printable(clientName)}`;
			const waits = oldest ? `${oldest.command} waits for ${formatElapsed(oldest.waitMs)}` : 'nothing waits';
			return `Connection ${connection}${name}: ${formatCountOf(commands, 'command')}, ${waits}, longest wait ${formatLatency(longestMs)}.`;
		}),
	];
}

/** The selected finding, or the reason for none. */
export function findingLines(ui: UiState, {snapshot}: StoreState): readonly string[] {
	const findings = findingsOf(snapshot);
	const at = selectedFinding(findings, ui.findings);
	const finding = findings[at];
	if (!finding) return [withPeriod(printable(noFindingWords(snapshot)))];
	return [
		`Finding ${formatCount(at + 1)} of ${formatCount(findings.length)}, ${finding.level}: ${printable(finding.title)}.`,
		...findingParts(finding).map(([title, text]) => withPeriod(`${title}: ${printable(text)}`)),
	];
}
