import {useMemo} from 'react';
import {printable} from '../../../text/printable.js';
import {Lines} from '../../components/lines.js';
import {useEngine} from '../../hooks/use-screen.js';
import {type Row, span} from '../../text/row.js';

/** The current operation on many keys, and how to stop it. Takes no row if there is none. */
export function SweepLine() {
	const sweep = useEngine(({snapshot}) => snapshot?.sweep);
	const rows = useMemo(
		(): readonly Row[] =>
			sweep === undefined ? [] : [[span(printable(sweep), 'warn'), span('   :sweep stop ends it', 'dim')]],
		[sweep],
	);
	return <Lines rows={rows} />;
}
