import {printable} from '../../../text/printable.js';
import {Lines} from '../../components/lines.js';
import {useEngine} from '../../hooks/use-screen.js';
import {span} from '../../text/row.js';

/** Names the nodes of a cluster whose keys are not listed; empty while all of them answer. */
export function MissingNodesLine() {
	const missing = useEngine(({snapshot}) => snapshot?.activity.missing.map(({address}) => address).join(', ') ?? '');
	if (missing === '') return null;
	return <Lines rows={[[span(`without the keys of ${printable(missing)}: no answer`, 'bad')]]} />;
}
