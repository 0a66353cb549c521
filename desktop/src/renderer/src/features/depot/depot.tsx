export function Depot() {
  return <aside />;
}
