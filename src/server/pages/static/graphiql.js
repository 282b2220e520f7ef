// Starts GraphiQL with the options and the paths of its workers, which the page contains as JSON.

const { options, workers } = JSON.parse(document.querySelector('#options').textContent)
globalThis.MonacoEnvironment = {
  getWorkerUrl: (_, label) => new URL(workers[label], document.baseURI).href,
}
// Query and variables have to be those of a tab, else GraphiQL opens another one: those of the first tab, unless it has
// stored others or the address has a query.
if (!new URL(location.href).searchParams.has('query') && !localStorage.getItem('graphiql:query'))
  options.query = options.defaultTabs[0]?.query
else delete options.variables

globalThis.YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), options)
