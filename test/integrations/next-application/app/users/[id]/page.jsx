export const revalidate = 3600;

/** None at build time: each page is rendered at its first request, and then stored. */
export const generateStaticParams = () => [];

export default async function Page({params}) {
	const {id} = await params;
	const tags = ['users', `user:${id}`];
	const response = await fetch(`${process.env.ORIGIN}/users/${id}`, {next: {tags, revalidate: 3600}});
	const {name} = await response.json();
	return <p>{`name=${name} rendered=${Date.now()}-${process.env.PORT}`}</p>;
}
