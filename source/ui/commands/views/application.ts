import {formatCountOf} from '../../../text/number.js';
import {entryOfTap} from '../../rows/application/application-state.js';
import {findingParts} from '../../rows/application/finding-rows.js';
import {noEffects, withEffects} from '../../state/command.js';
import {withAnswer} from '../../state/ui-state.js';
import {findingsOf, selectedFinding} from '../../state/views/findings-state.js';
import {keystrokeCommand} from '../define.js';

export const copyUrl = keystrokeCommand({
	name: 'copy-url',
	summary: 'Copy the URL for an application: of the tap, or of the server',
	shortcuts: [{in: ['overview', 'pool'], keystrokes: ['y'], label: 'copy URL', footer: 120}],
	press(state, {snapshot, now}) {
		if (!snapshot) return noEffects(state);
		const {application, privateUrl, target} = snapshot;
		const url = application ? entryOfTap(application) : (privateUrl ?? target.url);
		// A URL with a password must not be shown in the footer.
		return withEffects(
			withAnswer(state, true, `copied ${application ? url : 'the URL'}, if the terminal allows it`, now),
			{
				type: 'copy',
				text: url,
			},
		);
	},
});

export const copyFinding = keystrokeCommand({
	name: 'copy-finding',
	summary: 'Copy the selected finding with its evidence and advice; without one, the URL of the tap',
	shortcuts: [{in: 'findings', keystrokes: ['y'], label: 'copy', sources: ['application', 'server'], footer: 70}],
	press(state, context) {
		const findings = findingsOf(context.snapshot);
		const finding = findings[selectedFinding(findings, state.findings)];
		if (!finding)
			return copyUrl.run(state, context, {by: 'keystroke', keystroke: {name: 'y', text: 'y'}, scope: 'findings'});
		const parts = findingParts(finding).map(([title, text]) => `${title}: ${text}`);
		const text = [`${finding.level}: ${finding.title} (${finding.id})`, ...parts].join('\n');
		return withEffects(
			withAnswer(
				state,
				true,
				`copied the finding, ${formatCountOf(parts.length + 1, 'line')}, if the terminal allows it`,
				context.now,
			),
			{type: 'copy', text},
		);
	},
});

export const showFinding = keystrokeCommand({
	name: 'show-finding',
	summary: 'Show the selected finding in full',
	shortcuts: [
		{in: 'findings', keystrokes: ['enter'], label: 'in full', sources: ['application', 'server'], footer: 55},
	],
	press(state, {snapshot}) {
		const findings = findingsOf(snapshot);
		const finding = findings[selectedFinding(findings, state.findings)];
		if (!finding) return noEffects(state);
		const lines = findingParts(finding).flatMap(([title, text], index) => [...(index > 0 ? [''] : []), title, text]);
		return noEffects({...state, dialog: {kind: 'text', title: finding.title, lines, top: 0}});
	},
});
