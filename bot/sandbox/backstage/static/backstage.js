// The strip and the panel: what the server cannot do. Uses $, $$ of page.js.
"use strict";
