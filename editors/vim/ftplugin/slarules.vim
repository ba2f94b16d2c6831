" How a policy is typed: blocks are indented by two blanks, comments begin with two hyphens.
if exists("b:did_ftplugin")
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=--\ %s
setlocal comments=:--,:>
setlocal expandtab shiftwidth=2 softtabstop=2 tabstop=2
setlocal textwidth=120
setlocal formatoptions-=t formatoptions+=croql
setlocal iskeyword=@,48-57,_
setlocal foldmethod=indent foldlevel=99

if executable("slarules")
  setlocal makeprg=slarules\ check\ %:S
  setlocal errorformat=%Eerror[%.%#]:\ %m,%Wwarning[%.%#]:\ %m,%Inote[%.%#]:\ %m,%C\ %#-->\ %f:%l:%c,%-G%.%#
endif

let b:undo_ftplugin = "setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< tabstop< textwidth<"
      \ . " formatoptions< iskeyword< foldmethod< foldlevel< makeprg< errorformat<"
