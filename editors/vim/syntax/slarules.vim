" slarules policies. Written by editors/generate.py from grammar/slarules.lark; do not edit.
if exists("b:current_syntax")
  finish
endif
syntax case match

syntax keyword slarulesNaming allowance amount calendar choice clause contract customer date declaration duty
syntax keyword slarulesNaming event fact holidays option prohibition provider reading right role scenario
syntax keyword slarulesNaming scope severity state status subject table target where
syntax keyword slarulesKeyword a act adopt after again agreement aims all also and anniversary applies are as
syntax keyword slarulesKeyword assigned at because becomes before begin begins both breached but by called
syntax keyword slarulesKeyword carries change changed changes clock close closed confirmed continuously count
syntax keyword slarulesKeyword counted dates deadline decreases designated divided due during each earlier
syntax keyword slarulesKeyword encoded end ended ends even every exactly examples expect expiry falls for force
syntax keyword slarulesKeyword forward from greater half happened has holds id identified if in includes
syntax keyword slarulesKeyword increases information is judged keep known lasts late later least less lesser
syntax keyword slarulesKeyword level lines list may minus money more most multiplied must next not notice
syntax keyword slarulesKeyword number occurrence of on once one only open opening or other otherwise out
syntax keyword slarulesKeyword outside over parties party paused performed plus presumed read received recorded
syntax keyword slarulesKeyword reinstated remain reopening replaceable rises rounded rounding run runs
syntax keyword slarulesKeyword scenarios sequence severe severities shift slarules sooner source start supplied
syntax keyword slarulesKeyword survives term text than the their these this ticket time to under unless until
syntax keyword slarulesKeyword unused used waiting want when whenever while with within writing zone
syntax keyword slarulesWord April August December February Friday January July June March May Monday
syntax keyword slarulesWord November October Saturday September Sunday Thursday Tuesday Wednesday day days
syntax keyword slarulesWord down eighth fifth first fourth hour hours minute minutes month months ninth
syntax keyword slarulesWord second seconds seventh sixth tenth third up week weeks year years
syntax keyword slarulesConstant yes no none any nothing Always

syntax match slarulesCapital "\<[A-Z][A-Za-z0-9_]*\>"
syntax match slarulesZone "\<[A-Z][A-Za-z_]\+\(/[A-Za-z0-9_+-]\+\)\+\|\<UTC\([+-]\d\d:\d\d\)\?"
syntax match slarulesNumber "#\?\<\d\+\(\.\d\+\)\?\>"
syntax match slarulesInstant "\<\d\{4}-\d\d-\d\d\>\|\<\d\d\?:\d\d\(:\d\d\)\?\>"
syntax match slarulesLabel "([a-z]\{1,3})\s\@="
syntax match slarulesSign "[|,:%]"
syntax match slarulesString "\"[^\"]*\"\|“[^”]*”"
syntax match slarulesComment "--.*$" contains=@Spell
syntax match slarulesQuotation "^\s*>.*$" contains=@Spell

highlight default link slarulesNaming Statement
highlight default link slarulesKeyword Keyword
highlight default link slarulesWord Special
highlight default link slarulesConstant Constant
highlight default link slarulesCapital Type
highlight default link slarulesZone Constant
highlight default link slarulesNumber Number
highlight default link slarulesInstant Number
highlight default link slarulesLabel Delimiter
highlight default link slarulesSign Delimiter
highlight default link slarulesString String
highlight default link slarulesComment Comment
highlight default link slarulesQuotation Identifier

let b:current_syntax = "slarules"
