// Starts GraphiQL with the options and the paths of its workers, which the page contains as JSON.

const { options, workers } = JSON.parse(document.querySelector('#options').textContent)
globalThis.MonacoEnvironment = {
  getWorkerUrl: (_, label) => new URL(workers[label], document.baseURI).href,
}
globalThis.YogaGraphiQL.renderYogaGraphiQL(document.querySelector('#root'), options)
