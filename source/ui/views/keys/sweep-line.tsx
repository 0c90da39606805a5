import {useMemo} from 'react';
import {printable} from '../../../text/printable.js';
import {Lines} from '../../components/lines.js';
import {useEngine} from '../../hooks/use-screen.js';
import {type Row, span} from '../../text/row.js';

/** Work on many keys that is going on, and how to stop it. Without any it takes no row. */
export function SweepLine() {
	const sweep = useEngine(({snapshot}) => snapshot?.sweep);
	const rows = useMemo(
		(): readonly Row[] =>
			sweep === undefined ? [] : [[span(printable(sweep), 'warn'), span('   :sweep stop ends it', 'dim')]],
		[sweep],
	);
	return <Lines rows={rows} />;
}
