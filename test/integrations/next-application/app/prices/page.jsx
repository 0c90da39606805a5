import {cacheLife, cacheTag} from 'next/cache';

async function loadPrice() {
	'use cache';
	cacheTag('prices');
	cacheLife('hours');
	return `${Date.now()}-${process.env.PORT}`;
}

export const dynamic = 'force-dynamic';

export default async function Page() {
	return <p>{`name=price rendered=${await loadPrice()}`}</p>;
}
