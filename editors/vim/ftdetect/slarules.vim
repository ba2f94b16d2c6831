" Policies and files of scenarios.
autocmd BufNewFile,BufRead *.sla setfiletype slarules
